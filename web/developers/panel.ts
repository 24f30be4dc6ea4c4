/** The developer panel: the very request the page just sent, as code, beside its answer. */
import { answerCode } from './answer-json.ts'
import { type Code, codeText, type Request, SNIPPETS, type SnippetName } from './snippets.ts'

export interface DeveloperPanel {
  showRequest(request: Request): void
  showAnswer(json: unknown): void
}

export function createPanel(panel: HTMLElement): DeveloperPanel {
  const requestPlace = panel.querySelector<HTMLElement>('#request')!
  const answerPlace = panel.querySelector<HTMLElement>('#response')!
  let request: Request | undefined

  const chosen = () => panel.querySelector<HTMLInputElement>('input[name=snippet]:checked')!.value as SnippetName
  const write = () => {
    if (request) showCode(requestPlace, SNIPPETS[chosen()](request))
  }
  panel.querySelector('#snippets')!.addEventListener('change', write)
  for (const button of panel.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.addEventListener('click', () => copy(button, panel.querySelector(`#${button.dataset.copy}`)!))
  }

  return {
    showRequest(next) {
      request = next
      write()
    },
    showAnswer: (json) => showCode(answerPlace, answerCode(json)),
  }
}

function showCode(place: HTMLElement, code: Code): void {
  const shown = code.map((piece) => {
    if (typeof piece === 'string') return piece
    const data = document.createElement('span')
    data.className = 'data'
    data.textContent = piece.data
    return data
  })
  // Pieces that are the same text need no new elements: a selection in them survives.
  if (place.textContent !== codeText(code)) place.replaceChildren(...shown)
}

async function copy(button: HTMLButtonElement, place: HTMLElement): Promise<void> {
  const label = button.textContent
  if (button.dataset.copied !== undefined) return
  try {
    await navigator.clipboard.writeText(place.textContent ?? '')
    button.textContent = 'Copied'
  } catch {
    // Without the right to write the clipboard: marked, so that the keyboard's copy takes it.
    getSelection()?.selectAllChildren(place)
    button.textContent = 'Selected'
  }
  button.dataset.copied = ''
  setTimeout(() => {
    button.textContent = label
    delete button.dataset.copied
  }, 1500)
}
