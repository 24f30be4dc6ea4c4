import { expect, test } from 'vitest'
import { type Area, WHOLE, write, writeByTouch } from './hand.ts'
import { answerOf, PHONE, useBrowser, visit } from './visitor.ts'

useBrowser()

const WAYS: { name: string; pen: string; area: Area; way: number }[] = [
  { name: 'large and thick', pen: 'broad', area: { x: 0.05, y: 0.05, width: 0.9, height: 0.9 }, way: 0 },
  { name: 'small and thin, top left', pen: 'fine', area: { x: 0.02, y: 0.02, width: 0.25, height: 0.28 }, way: 0 },
  { name: 'small, bottom right', pen: 'medium', area: { x: 0.66, y: 0.62, width: 0.32, height: 0.36 }, way: 1 },
  { name: 'thick, top right', pen: 'broad', area: { x: 0.5, y: 0.05, width: 0.45, height: 0.5 }, way: 1 },
]

test.for(WAYS)('reads every digit written $name', async ({ pen, area, way }) => {
  const { page } = await visit()
  await page.locator(`input[value=${pen}]`).check()
  let read = ''
  for (const digit of '0123456789') {
    await write(page, digit, area, way)
    read += (await answerOf(page)).best
    await page.locator('#clear').click()
  }
  expect(read).toBe('0123456789')
})

test('reads digits written with a finger on a phone, and the page does not scroll away under it', async () => {
  const { page } = await visit('open', PHONE)
  for (const digit of '2479') {
    await writeByTouch(page, digit)
    expect((await answerOf(page)).best).toBe(digit)
    await page.locator('#clear').tap()
    await page.locator('#desk[data-content=blank]').waitFor()
  }
  expect(await page.evaluate(() => scrollY)).toBe(0)
})

test('answers while the digit is still being written, and never asks twice at a time', async () => {
  const { page } = await visit()
  const pad = (await page.locator('#pad').boundingBox())!
  await page.mouse.move(pad.x + 220, pad.y + 60)
  await page.mouse.down()
  for (let y = 60; y < 340; y += 4) await page.mouse.move(pad.x + 220, pad.y + y)
  await page.locator('#answer:not([data-doubtful]) .bars [data-best]').waitFor()
  await page.mouse.up()
  expect((await answerOf(page)).best).toBe('1')
  // By the page's own clock: a driver may hear of an answer after the next question.
  const asked = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes('/v1/predict'))
      .map(({ startTime, responseStart }) => ({ startTime, responseStart }))
      .sort((one, other) => one.startTime - other.startTime),
  )
  expect(asked.length).toBeGreaterThan(1)
  for (let k = 1; k < asked.length; k++) {
    expect(asked[k].startTime).toBeGreaterThanOrEqual(asked[k - 1].responseStart)
  }
})

test('undo takes back the last stroke, and brings back what was cleared', async () => {
  const { page } = await visit()
  await write(page, '7')
  expect((await answerOf(page)).best).toBe('7')
  await write(page, '1', { x: 0, y: 0.1, width: 0.4, height: 0.8 })
  await answerOf(page)
  await page.keyboard.press('Control+z')
  expect((await answerOf(page)).best).toBe('7')

  await page.locator('#clear').click()
  expect(await answerOf(page)).toMatchObject({ title: 'Nothing yet', best: null })
  await page.locator('#undo').click()
  expect((await answerOf(page)).best).toBe('7')

  await page.locator('#undo').click()
  expect(await answerOf(page)).toMatchObject({ title: 'Nothing yet', best: null })
  expect(await page.locator('#undo').isDisabled()).toBe(true)
})

test('asks nothing about a blank sheet and says so', async () => {
  const { page, requests } = await visit()
  expect(await answerOf(page)).toMatchObject({ title: 'Nothing yet', text: 'Draw any digit from 0 to 9.', best: null })
  expect(requests.filter((request) => request.method() === 'POST')).toEqual([])
})

test('says in plain words that a scribble is no digit', async () => {
  const { page } = await visit()
  const pad = (await page.locator('#pad').boundingBox())!
  await page.mouse.move(pad.x + 40, pad.y + 40)
  await page.mouse.down()
  for (let i = 0; i < 12; i++) {
    await page.mouse.move(pad.x + (i % 2 ? 40 : 400), pad.y + 60 + i * 28, { steps: 3 })
  }
  await page.mouse.up()
  expect(await answerOf(page)).toMatchObject({ title: 'No digit I know', doubtful: true })
})

test('shows the 28×28 pixels that the model saw, the digit in their middle', async () => {
  const { page } = await visit()
  await write(page, '0', { x: 0.02, y: 0.02, width: 0.3, height: 0.35 })
  await answerOf(page)
  const centre = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#seen')!
    const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let [mass, x, y] = [0, 0, 0]
    for (let i = 0; i < width * height; i++) {
      const ink = data[4 * i] - data[0]
      mass += ink
      x += ink * (i % width)
      y += ink * Math.floor(i / width)
    }
    return { width, height, x: Math.round(x / mass), y: Math.round(y / mass) }
  })
  expect(centre).toEqual({ width: 28, height: 28, x: 14, y: 14 })
})

test('can be written on with the keyboard alone', async () => {
  const { page } = await visit()
  await page.locator('#pad').focus()
  await page.keyboard.press('Space')
  for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  expect((await answerOf(page)).best).toBe('1')
  await page.keyboard.press('Escape')
  expect((await answerOf(page)).title).toBe('Nothing yet')
})

test('a stylus writes wider the harder it is pressed', async () => {
  const { page } = await visit()
  const inkAfter = async (force: number) => {
    await page.locator('#pad').evaluate((pad, pressure) => {
      const { left, top } = pad.getBoundingClientRect()
      const at = (type: string, y: number) =>
        pad.dispatchEvent(
          new PointerEvent(type, {
            pointerId: 1,
            pointerType: 'pen',
            isPrimary: true,
            pressure,
            clientX: left + 200,
            clientY: top + y,
            button: type === 'pointermove' ? -1 : 0,
            bubbles: true,
          }),
        )
      pad.setPointerCapture = () => {}
      at('pointerdown', 100)
      at('pointermove', 200)
      at('pointermove', 300)
      at('pointerup', 300)
    }, force)
    await answerOf(page)
    const ink = await page.locator('#sheet').evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!
      copy.drawImage(canvas, 0, 0)
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let i = 3; i < data.length; i += 4) if (data[i] > 127) count++
      return count
    })
    await page.locator('#clear').click()
    return ink
  }
  const light = await inkAfter(0.2)
  const firm = await inkAfter(0.9)
  expect(firm / light).toBeGreaterThan(1.5)
})

test('the drawing stays where it is when the window changes', async () => {
  const { page } = await visit()
  await write(page, '3', WHOLE)
  await page.setViewportSize({ width: 360, height: 800 })
  await page.locator('input[value=broad]').check()
  await page.setViewportSize({ width: 1280, height: 900 })
  await write(page, '3', WHOLE)
  expect((await answerOf(page)).best).toBe('3')
})
