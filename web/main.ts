/** The page: connects the sheet, the service and the answer. */
import { showBoxes } from './answer/boxes.ts'
import { createAnswerView } from './answer/view.ts'
import { failureWords, unopenedWords } from './answer/words.ts'
import { createPanel } from './developers/panel.ts'
import { createHistory } from './drawing/history.ts'
import { followKeyboard } from './drawing/keyboard-pen.ts'
import { drawingToPng } from './drawing/png.ts'
import { followPointer, type PenStrokes } from './drawing/pointer-pen.ts'
import { type Mode, type PenName, SHEETS } from './drawing/sheet.ts'
import type { Stroke } from './drawing/strokes.ts'
import { createSurface } from './drawing/surface.ts'
import { storedKey, storeKey } from './key.ts'
import { latestWins } from './latest.ts'
import { openPicture } from './pictures/open.ts'
import { receivePictures } from './pictures/receive.ts'
import { type Answer, ask, type Failure, PATHS } from './service.ts'

/** While one draws, at most ten requests a second: faster than the eye asks for, and kind to rate limits. */
const PAUSE_MILLISECONDS = 100

const find = <T extends HTMLElement = HTMLElement>(selector: string) => document.querySelector<T>(selector)!
const checked = (name: string) => find<HTMLInputElement>(`input[name=${name}]:checked`).value

const desk = find('#desk')
const pad = find('#pad')
const boxes = find('#boxes')
const surface = createSurface(find<HTMLCanvasElement>('#sheet'))
const section = find('#answer')
const view = createAnswerView(section, find('#status'))
const panel = createPanel(find('#developers'))
const histories = { digit: createHistory(), number: createHistory() }
const follower = latestWins(askAboutSheet, showAnswer, PAUSE_MILLISECONDS)

let mode = checked('mode') as Mode
let drawing = false
/** Until then, on the clock of `performance.now`, the server wants no request. */
let heldUntil = 0
let countdown: ReturnType<typeof setInterval> | undefined

const history = () => histories[mode]
const setting = () => ({ ...SHEETS[mode], pen: SHEETS[mode].pens[checked('pen') as PenName] })

/** Shows the sheet as it now is. */
function refresh(): void {
  const content = history().content()
  surface.show(SHEETS[mode], content)
  desk.dataset.content = content.kind
  find<HTMLButtonElement>('#undo').disabled = !history().canUndo()
  find<HTMLButtonElement>('#clear').disabled = content.kind === 'blank'
}

/** The sheet's content was exchanged: what was asked about the old one no longer counts. */
function renew(): void {
  follower.drop()
  boxes.replaceChildren()
  refresh()
  if (history().content().kind === 'blank') showNothing()
  else follow()
}

/** Asks about the sheet as it now is. */
function follow(): void {
  section.ariaBusy = 'true'
  follower.ask()
  tellWait()
}

function showNothing(): void {
  section.ariaBusy = 'false'
  view.showNothing(mode)
}

async function askAboutSheet(signal: AbortSignal): Promise<Answer | undefined> {
  const content = history().content()
  if (content.kind === 'blank') return undefined
  const asked = mode
  const isDrawing = content.kind === 'ink'
  const picture = isDrawing ? await drawingToPng(SHEETS[asked], content.strokes) : content.picture.blob
  const key = storedKey()
  const answer = await ask(asked, picture, key, signal)
  if (!signal.aborted) {
    panel.showRequest({
      origin: location.origin,
      mode: asked,
      path: PATHS[asked],
      type: picture.type,
      picture: isDrawing
        ? { kind: 'drawing', base64: await base64(picture) }
        : { kind: 'file', name: content.picture.name },
      needsKey: key !== null,
    })
  }
  return answer
}

function showAnswer(answer: Answer | undefined): void {
  section.ariaBusy = String(follower.busy())
  if (!answer) return
  if (answer.kind === 'failure') {
    showFailure(answer.failure)
    return
  }
  panel.showAnswer(answer.json)
  if (answer.kind === 'digit') {
    view.showPrediction(answer.prediction, answer.milliseconds)
  } else {
    view.showReading(answer.reading, answer.milliseconds)
    showBoxes(boxes, answer.reading, SHEETS.number)
  }
}

function showFailure(failure: Failure): void {
  boxes.replaceChildren()
  if (failure.kind === 'too-many') {
    waitFor(failure.seconds)
    return
  }
  const remedy = failure.kind === 'key' ? 'key' : failure.kind === 'unreachable' ? 'retry' : 'none'
  view.showFailure(failureWords(failure, navigator.onLine), remedy)
}

/** Asks nothing for a while, then again by itself; meanwhile, whatever is written, the notice counts the seconds. */
function waitFor(seconds: number): void {
  follower.hold(seconds * 1000)
  heldUntil = performance.now() + seconds * 1000
  clearInterval(countdown)
  countdown = setInterval(tellWait, 1000)
  follow()
}

function tellWait(): void {
  const seconds = Math.ceil((heldUntil - performance.now()) / 1000)
  if (seconds <= 0) clearInterval(countdown)
  else if (history().content().kind !== 'blank') {
    view.showFailure(failureWords({ kind: 'too-many', seconds }, true), 'none')
  }
}

async function receive(file: File): Promise<void> {
  const picture = await openPicture(file)
  if (picture) {
    history().addPicture(picture)
    renew()
  } else {
    view.showFailure(unopenedWords(file.name), 'none')
  }
}

async function base64(blob: Blob): Promise<string> {
  let text = ''
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte)
  return btoa(text)
}

let stroke: Stroke = []
const strokes: PenStrokes = {
  begin(dot) {
    drawing = true
    // The first stroke over a picture starts a new drawing.
    if (history().content().kind !== 'ink') follower.drop()
    boxes.replaceChildren()
    stroke = [dot]
    history().addStroke(stroke)
    refresh()
    follow()
  },
  extend(dots) {
    stroke.push(...dots)
    refresh()
    follow()
  },
  end() {
    drawing = false
    follow()
  },
  cancel() {
    drawing = false
    history().undo()
    renew()
  },
}

followPointer(pad, setting, strokes)
followKeyboard(pad, find('#marker'), setting, strokes)
receivePictures(document.querySelectorAll<HTMLInputElement>('input[type=file]'), receive)

const undo = () => {
  if (drawing) return
  history().undo()
  renew()
}
const clear = () => {
  if (drawing) return
  history().clear()
  renew()
}
find('#undo').addEventListener('click', undo)
find('#clear').addEventListener('click', clear)
document.addEventListener('keydown', (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === 'password') return
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') undo()
  else if (event.key === 'Escape' || event.key === 'Delete') clear()
  else return
  event.preventDefault()
})

find('#modes').addEventListener('change', () => {
  const before = history().content()
  mode = checked('mode') as Mode
  // A picture comes along to an empty sheet: what was no digit may be a number.
  if (before.kind === 'picture' && history().content().kind === 'blank') history().addPicture(before.picture)
  desk.dataset.mode = mode
  renew()
})

find('#retry').addEventListener('click', follow)
addEventListener('online', () => {
  if (history().content().kind !== 'blank') follow()
})
find('#key').addEventListener('submit', (event) => {
  event.preventDefault()
  storeKey(find<HTMLInputElement>('#key input').value.trim())
  follow()
})

desk.dataset.mode = mode
refresh()
showNothing()
