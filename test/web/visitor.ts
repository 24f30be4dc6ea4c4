/** Someone at the page: a browser page that notices every complaint and every foreign request, with a hand that writes. */
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { HANDWRITING, smooth } from './handwriting.ts'

/** A part of the sheet, from 0 to 1. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
}

export interface Visitor {
  page: Page
  /** Requests since the page was opened. */
  requests: Request[]
  /** What the page is expected to complain about in the console; anything else fails the test. */
  expectComplaint(pattern: RegExp): void
}

let browser: Browser

/** Opens one browser for a test file; call it at the top. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launchChromium(inject('chromium'))
  })
  afterAll(() => browser.close())
}

/** @param server which of the Workers of setup.ts */
export async function visit(
  server: 'open' | 'keyed' | 'limited' = 'open',
  options: BrowserContextOptions = DESKTOP,
): Promise<Visitor> {
  const origin = inject(server)
  // The rate limit does not count this machine's own address; Cloudflare would put the visitor's here.
  const extraHTTPHeaders = server === 'limited' ? { 'cf-connecting-ip': '203.0.113.7' } : undefined
  const permissions = ['clipboard-read', 'clipboard-write']
  const context = await browser.newContext({ ...options, permissions, extraHTTPHeaders })
  const page = await context.newPage()
  const requests: Request[] = []
  const complaints: string[] = []
  const expected: RegExp[] = []
  page.on('request', (request) => requests.push(request))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([])
    expect(requests.map((request) => request.url()).filter((url) => new URL(url).origin !== origin)).toEqual([])
  })
  await page.goto(origin)
  return { page, requests, expectComplaint: (pattern) => expected.push(pattern) }
}

export const WHOLE: Area = { x: 0.2, y: 0.15, width: 0.6, height: 0.7 }

/** Writes a digit with the mouse. */
export async function write(page: Page, digit: string, area: Area = WHOLE, way = 0): Promise<void> {
  for (const [first, ...rest] of await strokesOn(page, digit, area, way)) {
    await page.mouse.move(first.x, first.y)
    await page.mouse.down()
    for (const point of rest) await page.mouse.move(point.x, point.y)
    await page.mouse.up()
  }
}

/** Writes a digit with a finger. */
export async function writeByTouch(page: Page, digit: string, area: Area = WHOLE, way = 0): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  for (const [first, ...rest] of await strokesOn(page, digit, area, way)) {
    await touch('touchStart', [first])
    for (const point of rest) await touch('touchMove', [point])
    await touch('touchEnd', [])
  }
}

async function strokesOn(page: Page, digit: string, area: Area, way: number) {
  const pad = page.locator('#pad')
  await pad.scrollIntoViewIfNeeded()
  const box = (await pad.boundingBox())!
  return HANDWRITING[digit][way].map((stroke) =>
    smooth(stroke, 3).map(([x, y]) => ({
      x: box.x + box.width * (area.x + (area.width * x) / 100),
      y: box.y + box.height * (area.y + (area.height * y) / 100),
    })),
  )
}

/** Writes digits side by side, each a little higher or lower, as one does. */
export async function writeNumber(page: Page, digits: string, hand = write): Promise<void> {
  const width = 0.9 / digits.length
  for (const [i, digit] of [...digits].entries()) {
    await hand(page, digit, { x: 0.05 + i * width, y: 0.25 + (i % 2) * 0.04, width: width * 0.8, height: 0.42 })
  }
}

/** What the page says once no answer is outstanding. */
export async function answerOf(page: Page) {
  await page.locator('#answer[aria-busy=false]').waitFor()
  return page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? null
    return {
      title: text('#title'),
      text: text('#text'),
      best: text('.bars [data-best] .name'),
      number: [...document.querySelectorAll('#reading .visually-hidden')].map((line) => line.textContent).join('\n'),
      doubtful: document.querySelector('#answer')!.hasAttribute('data-doubtful'),
    }
  })
}

/** The notice that stands in the answer's place, when it comes. */
export async function noticeOf(page: Page) {
  await page.locator('#notice:not([hidden])').waitFor()
  return {
    title: await page.locator('#notice-title').textContent(),
    text: await page.locator('#notice-text').textContent(),
  }
}
