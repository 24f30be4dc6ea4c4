import { expect, test } from 'vitest'
import { write, writeByTouch, writeNumber } from './hand.ts'
import { answerOf, PHONE, useBrowser, visit } from './visitor.ts'

useBrowser()

test.for(['94103', '2685307'])('reads the number %s from the wide sheet', async (number) => {
  const { page } = await visit()
  await page.getByLabel('A number').check()
  await writeNumber(page, number)
  expect(await answerOf(page)).toMatchObject({ number, doubtful: false })
  await page.getByText(`${[...number].join(' ')}. ${number.length} digits, all clear`).waitFor({ state: 'attached' })
})

test('draws each box over the ink of its digit', async () => {
  const { page } = await visit()
  await page.getByLabel('A number').check()
  await writeNumber(page, '350')
  await answerOf(page)
  const pad = (await page.locator('#pad').boundingBox())!
  const boxes = await Promise.all((await page.locator('#boxes .box').all()).map((box) => box.boundingBox()))
  expect(boxes).toHaveLength(3)
  for (const [i, box] of boxes.entries()) {
    const middle = (box!.x + box!.width / 2 - pad.x) / pad.width
    expect(middle).toBeGreaterThan(0.05 + i * 0.3)
    expect(middle).toBeLessThan(0.05 + (i + 0.8) * 0.3)
    expect(box!.height / pad.height).toBeCloseTo(0.42, 1)
  }
})

test('reads a number written with a finger on a phone', async () => {
  const { page } = await visit('open', PHONE)
  await page.getByLabel('A number').check()
  await writeNumber(page, '4071', writeByTouch)
  expect(await answerOf(page)).toMatchObject({ number: '4071' })
})

test('each sheet keeps its own drawing', async () => {
  const { page } = await visit()
  await write(page, '5')
  await page.getByLabel('A number').check()
  expect((await answerOf(page)).title).toBe('Nothing yet')
  await writeNumber(page, '12')
  expect((await answerOf(page)).number).toBe('12')
  await page.getByLabel('One digit').check()
  expect((await answerOf(page)).best).toBe('5')
  expect(await page.locator('#boxes .box').count()).toBe(0)
})

test('does not pass a scribble off as a number', async () => {
  const { page } = await visit()
  await page.getByLabel('A number').check()
  const pad = (await page.locator('#pad').boundingBox())!
  await page.mouse.move(pad.x + 20, pad.y + 180)
  await page.mouse.down()
  for (let i = 1; i < 24; i++) await page.mouse.move(pad.x + 20 + i * 28, pad.y + (i % 2 ? 60 : 300), { steps: 2 })
  await page.mouse.up()
  expect(await answerOf(page)).toMatchObject({ title: 'No digits here', doubtful: true })
})
