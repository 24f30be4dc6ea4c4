/** The answer beside the sheet: the numeral or the number, the words, the bars, or in their place what went wrong. */
import type { Prediction, ReadResponse } from '../../client/index.ts'
import type { Mode } from '../drawing/sheet.ts'
import { createBars } from './bars.ts'
import { numeral, writeNumeral } from './numerals.ts'
import { showSeen } from './seen.ts'
import { percent, predictionWords, readingWords, type Words } from './words.ts'

/** What someone can do about a failure. */
export type Remedy = 'key' | 'retry' | 'none'

export interface AnswerView {
  showNothing(mode: Mode): void
  showPrediction(prediction: Prediction, milliseconds: number): void
  showReading(reading: ReadResponse, milliseconds: number): void
  /** Takes the answer's place until there is another; what is typed into the key's field stays. */
  showFailure(words: Words, remedy: Remedy): void
}

const NOTHING: Record<Mode, Words> = {
  digit: { title: 'Nothing yet', text: 'Draw any digit from 0 to 9.' },
  number: { title: 'Nothing yet', text: 'Write a postal code or a phone number.' },
}

/** How long the answer must stand before it is read out: while one draws it changes many times a second. */
const SETTLED_MILLISECONDS = 700

export function createAnswerView(section: HTMLElement, status: HTMLElement): AnswerView {
  const find = <T extends Element = HTMLElement>(selector: string) => section.querySelector<T & Element>(selector)!
  const big = find<SVGElement>('#numeral')
  const reading = find('#reading')
  const title = find('#title')
  const text = find('#text')
  const seen = find<HTMLCanvasElement>('#seen')
  const latency = find('#latency')
  const notice = find('#notice')
  const setBars = createBars(find('#bars'))
  let saying: ReturnType<typeof setTimeout> | undefined

  function say(words: string): void {
    clearTimeout(saying)
    saying = setTimeout(() => {
      if (status.textContent !== words) status.textContent = words
    }, SETTLED_MILLISECONDS)
  }

  function show(words: Words, milliseconds: number | null, doubtful: boolean): void {
    notice.hidden = true
    section.toggleAttribute('data-doubtful', doubtful)
    title.textContent = words.title
    text.textContent = words.text
    section.toggleAttribute('data-empty', milliseconds === null)
    if (milliseconds !== null) latency.textContent = `${Math.max(1, Math.round(milliseconds))} ms`
  }

  return {
    showNothing(mode) {
      show(NOTHING[mode], null, false)
      writeNumeral(big, null)
      reading.replaceChildren()
      showSeen(seen, undefined)
      setBars(null, null)
      say('')
    },
    showPrediction(prediction, milliseconds) {
      const words = predictionWords(prediction)
      show(words, milliseconds, !prediction.accepted)
      writeNumeral(big, prediction.digit)
      showSeen(seen, prediction.input)
      setBars(prediction.probabilities, prediction.digit)
      say(`${words.title}. ${words.text}`)
    },
    showReading(answer, milliseconds) {
      const words = readingWords(answer)
      show(words, milliseconds, !answer.accepted)
      reading.replaceChildren(...answer.lines.map(lineElement))
      reading.dataset.size = sizeFor(answer)
      say(answer.text === '' ? `${words.title}. ${words.text}` : `${spelled(answer.text)}. ${words.title}`)
    },
    showFailure(words, remedy) {
      const changed = notice.hidden || find('#notice-title').textContent !== words.title
      find('#notice-title').textContent = words.title
      find('#notice-text').textContent = words.text
      find('#key').hidden = remedy !== 'key'
      find('#retry').hidden = remedy !== 'retry'
      notice.hidden = false
      if (changed) say(`${words.title}. ${words.text}`)
    },
  }
}

/** One line of a number: a numeral per digit, underlined as far as it is certain. */
function lineElement(line: ReadResponse['lines'][number]): HTMLElement {
  const element = document.createElement('p')
  element.className = 'line'
  const text = document.createElement('span')
  text.className = 'visually-hidden'
  text.textContent = line.text
  element.append(text)
  for (const { digit, confidence, accepted } of line.digits) {
    const place = document.createElement('span')
    place.className = 'digit'
    place.title = `${digit}: ${percent(confidence)}`
    place.toggleAttribute('data-unsure', !accepted)
    place.style.setProperty('--part', String(confidence))
    place.append(numeral(digit))
    element.append(place)
  }
  return element
}

function sizeFor({ lines }: ReadResponse): string {
  const longest = Math.max(0, ...lines.map((line) => line.digits.length))
  return lines.length <= 1 && longest <= 6 ? 'large' : lines.length <= 2 && longest <= 12 ? 'medium' : 'small'
}

/** A postal code is read out digit by digit, not as thousands. */
const spelled = (text: string) => text.replaceAll(/(\d)(?=\d)/g, '$1 ')
