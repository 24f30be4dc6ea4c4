import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { violations } from './axe.ts'
import { write, writeNumber } from './hand.ts'
import { answerOf, DESKTOP, noticeOf, PHONE, useBrowser, visit } from './visitor.ts'

useBrowser()

test.for([
  { name: 'light, desktop', options: DESKTOP },
  { name: 'dark, desktop', options: { ...DESKTOP, colorScheme: 'dark' as const } },
  { name: 'light, phone', options: PHONE },
  {
    name: 'dark, 320 pixels wide',
    options: { ...PHONE, viewport: { width: 320, height: 568 }, colorScheme: 'dark' as const },
  },
])('axe finds nothing wrong, and nothing sticks out: $name', async ({ options }) => {
  const { page } = await visit('open', options)
  expect(await violations(page)).toEqual([])
  await write(page, '3')
  await answerOf(page)
  expect(await violations(page)).toEqual([])
  await page.getByLabel('A number').check()
  await writeNumber(page, '407')
  await answerOf(page)
  expect(await violations(page)).toEqual([])
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: innerWidth,
  }))
  expect(wide).toBe(window)
})

test('axe finds nothing wrong where a key is asked for', async () => {
  const { page, expectComplaint } = await visit('keyed')
  expectComplaint(/status of 401/)
  await write(page, '3')
  await noticeOf(page)
  expect(await violations(page)).toEqual([])
})

test('is within 60 KB, from one host, under a policy without unsafe anything', async () => {
  const { page, requests } = await visit()
  await page.waitForLoadState('networkidle')
  let transferred = 0
  // One by one: the list still grows when the network has been idle.
  for (const request of requests) {
    const response = (await request.response())!
    expect({ url: response.url(), status: response.status() }).toEqual({ url: request.url(), status: 200 })
    transferred += gzipSync(await response.body()).length
  }
  expect(transferred).toBeLessThan(60_000)
  const headers = (await fetch(inject('open'))).headers
  const policy = headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('nothing moves while answers come and go', async () => {
  const { page } = await visit()
  await page.evaluate(() => {
    const shifts: number[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const digit of '18') {
    await write(page, digit)
    await answerOf(page)
    await page.locator('#clear').click()
  }
  await page.waitForTimeout(300)
  const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
  expect(shifts.reduce((sum, value) => sum + value, 0)).toBe(0)
})

test('tells a screen reader the answer once it has settled', async () => {
  const { page } = await visit()
  await write(page, '4')
  await page.locator('[role=status]', { hasText: /four.*confident/ }).waitFor({ state: 'attached' })
})

test('every control is in reach of the Tab key and says what it is', async () => {
  const { page } = await visit()
  await write(page, '4')
  await answerOf(page)
  const reached: string[] = []
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  for (let i = 0; i < 24; i++) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> }
      return element === document.body
        ? null
        : (element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent)
    })
    if (name !== null) reached.push(name!.trim().replaceAll(/\s+/g, ' '))
  }
  for (const name of [
    'edge-digits',
    'API',
    'One digit',
    'Sheet to write on',
    'Medium',
    'Undo',
    'Clear',
    'Picture',
    'curl',
    'Copy',
    'Request',
  ]) {
    expect(reached).toContain(name)
  }
})

test('every link on the page leads somewhere', async () => {
  const { page } = await visit()
  const links = await page.locator('a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  const statuses = await Promise.all([...new Set(links)].map(async (link) => [link, (await fetch(link)).status]))
  expect(statuses.filter(([, status]) => status !== 200)).toEqual([])
})
