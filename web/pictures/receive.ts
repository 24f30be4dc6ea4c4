/** The ways a picture comes in: chosen or taken with a file input, dropped anywhere on the page, pasted. */

/** @param received is called with the first file of each that comes */
export function receivePictures(inputs: Iterable<HTMLInputElement>, received: (file: File) => void): void {
  const take = (files: FileList | null | undefined): boolean => {
    const file = files?.[0]
    if (file) received(file)
    return file !== undefined
  }

  for (const input of inputs) {
    input.addEventListener('change', () => {
      take(input.files)
      // So that choosing the same file again is a change again.
      input.value = ''
    })
  }

  const root = document.documentElement
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    root.dataset.dropping = ''
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) delete root.dataset.dropping
  })
  document.addEventListener('drop', (event) => {
    delete root.dataset.dropping
    if (take(event.dataTransfer?.files)) event.preventDefault()
  })

  document.addEventListener('paste', (event) => {
    if (take(event.clipboardData?.files)) event.preventDefault()
  })
}
