/** Someone at the page: a browser page that notices every complaint and every foreign request, whose hand is in hand.ts. */
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'

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
