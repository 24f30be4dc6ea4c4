import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { write } from './hand.ts'
import { KEY } from './setup.ts'
import { answerOf, DESKTOP, noticeOf, useBrowser, visit } from './visitor.ts'

useBrowser()

test('asks for a key where one is needed, says when it is wrong, and keeps the right one until the tab closes', async () => {
  const { page, expectComplaint } = await visit('keyed')
  expectComplaint(/status of 40[13]/)
  await write(page, '6')
  expect(await noticeOf(page)).toMatchObject({ title: 'A key is needed' })

  await page.getByLabel('API key').fill('not-the-key')
  await page.getByRole('button', { name: 'Use key' }).click()
  await page.getByText('This key is not accepted').first().waitFor()

  await page.getByLabel('API key').fill(KEY)
  await page.keyboard.press('Enter')
  await page.locator('#notice').waitFor({ state: 'hidden' })
  expect((await answerOf(page)).best).toBe('6')
  const snippet = await page.locator('#request').textContent()
  expect(snippet).toContain('authorization: Bearer $API_KEY')
  expect(snippet).not.toContain(KEY)

  await page.reload()
  await write(page, '2')
  expect((await answerOf(page)).best).toBe('2')
})

test('waits when there were too many requests, counts the seconds, and then answers by itself', async () => {
  const { page, expectComplaint } = await visit('limited', {
    ...DESKTOP,
    // Cloudflare's own header, which it sets on whatever comes from the internet.
    extraHTTPHeaders: { 'cf-connecting-ip': '203.0.113.7' },
  })
  expectComplaint(/status of 429/)
  for (const digit of '2348') {
    await write(page, digit)
    if (digit !== '8') await page.locator('#clear').click()
  }
  const { title, text } = await noticeOf(page)
  expect(title).toBe('A moment, please')
  expect(text).toMatch(/goes out in \d+ seconds/)
  await page.getByText(/goes out in [78] seconds/).waitFor()
  await page.locator('#notice').waitFor({ state: 'hidden' })
  expect((await answerOf(page)).best).toBe('8')
})

test('says that one is offline, keeps the drawing, and answers once connected again', async () => {
  const { page, expectComplaint } = await visit()
  expectComplaint(/ERR_INTERNET_DISCONNECTED/)
  await page.context().setOffline(true)
  await write(page, '3')
  expect(await noticeOf(page)).toMatchObject({ title: 'You are offline' })
  await page.context().setOffline(false)
  await page.locator('#notice').waitFor({ state: 'hidden' })
  expect((await answerOf(page)).best).toBe('3')
})

test('says that the server does not answer, and asks again when told to', async () => {
  const { page, expectComplaint } = await visit()
  expectComplaint(/ERR_CONNECTION_REFUSED/)
  await page.route('**/v1/predict*', (route) => route.abort('connectionrefused'))
  await write(page, '9')
  expect(await noticeOf(page)).toMatchObject({ title: 'The server does not answer', text: 'What you drew is kept.' })
  await answerOf(page)
  await page.unroute('**/v1/predict*')
  await page.getByRole('button', { name: 'Try again' }).click()
  expect((await answerOf(page)).best).toBe('9')
})

test('says in the server’s words why a picture is too large, and goes on with the next', async () => {
  const { page, expectComplaint } = await visit()
  expectComplaint(/status of 413/)
  // A header that promises more pixels than the server decodes, which no canvas of this page would send.
  await page.route('**/v1/predict*', (route) => {
    const png = Buffer.from(route.request().postDataBuffer()!)
    png.writeUInt32BE(60_000, 16)
    png.writeUInt32BE(60_000, 20)
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    return route.continue({ postData: png })
  })
  await write(page, '1')
  const { title, text } = await noticeOf(page)
  expect(title).toBe('This picture is too large')
  expect(text).toMatch(/pixels/)
  await page.unroute('**/v1/predict*')
  await write(page, '1')
  expect((await answerOf(page)).best).toBe('1')
})
