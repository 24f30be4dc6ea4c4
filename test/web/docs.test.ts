/** /docs in a real browser: complete, to be tried, within reach of everyone. The visitor fails on any complaint. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { expect, inject, test } from 'vitest'
import { randomOf } from '../../train/random.ts'
import { compose, PLAIN, validationDigits } from '../support/compose.ts'
import { mnist } from '../support/mnist.ts'
import { violations } from './axe.ts'
import { DESKTOP, PHONE, useBrowser, visit } from './visitor.ts'

useBrowser()

const digits = validationDigits(mnist.train)
const number = compose(digits, { ...PLAIN, lines: [4], gap: [0.4, 0.6] }, randomOf(1, 'a number for /docs'))
const one = compose(digits, { ...PLAIN, lines: [1] }, randomOf(1, 'a digit for /docs'))

function sharpOf({ picture: { data, width, height } }: typeof number) {
  return sharp(data, { raw: { width, height, channels: 4 } })
}

async function open(options: BrowserContextOptions = DESKTOP) {
  const visitor = await visit('open', options)
  await visitor.page.goto(`${inject('open')}/docs`)
  await visitor.page.locator('section.operation').first().waitFor()
  return visitor
}

/** Opens the form of an operation. */
async function formOf(page: Page, operation: string): Promise<Locator> {
  const section = page.locator(`#${operation}`)
  await section.getByText('Try it').click()
  return section.locator('form')
}

/** Sends the form and gives what is shown. */
async function answerOf(form: Locator): Promise<{ status: number; body: Record<string, unknown> }> {
  await form.getByRole('button', { name: /^Send/ }).click()
  const output = form.locator('pre')
  await expect.poll(() => output.textContent()).toMatch(/^\d{3}/)
  const [head, ...rest] = (await output.textContent())!.split('\n\n')
  return { status: Number.parseInt(head, 10), body: JSON.parse(rest.join('\n\n')) }
}

const choose = (form: Locator, name: string, mimeType: string, buffer: Buffer) =>
  form.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })

test('shows every route of the description, and every link on it leads somewhere', async () => {
  const { page } = await open()
  const { paths } = (await (await fetch(`${inject('open')}/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.length).toBeGreaterThan(10)
  expect(await page.locator('section.operation h3').allTextContents()).toEqual(expect.arrayContaining(routes))
  expect(await page.locator('nav a').allTextContents()).toEqual(expect.arrayContaining(routes))
  const dangling = await page
    .locator('a[href^="#"]')
    .evaluateAll((links) =>
      links.map((link) => link.getAttribute('href')!.slice(1)).filter((id) => document.getElementById(id) === null),
    )
  expect(dangling).toEqual([])
})

test('an address that a problem points to shows that problem', async () => {
  const { page } = await open()
  await page.goto(`${inject('open')}/docs#unusable`)
  await page.reload()
  await page.locator('section#unusable').waitFor()
  await expect
    .poll(() => page.locator('#unusable').evaluate((section) => section.getBoundingClientRect().top))
    .toBeLessThan(400)
})

test('sends a picture of a digit, with options, and shows the prediction', async () => {
  const { page } = await open()
  const form = await formOf(page, 'predict')
  await form.getByLabel('top_k').fill('2')
  await choose(form, 'digit.png', 'image/png', await sharpOf(one).png().toBuffer())
  const { status, body } = await answerOf(form)
  expect([status, body]).toMatchObject([200, { predictions: [{ digit: Number(one.text), accepted: true }] }])
  expect((body.predictions as { top: unknown[] }[])[0].top).toHaveLength(2)
})

test('sends a picture of a number, whatever its name says it is', async () => {
  const { page } = await open()
  const form = await formOf(page, 'read')
  const jpeg = await sharpOf(number).jpeg({ quality: 95 }).toBuffer()
  for (const [name, type] of [
    ['number.jpg', 'image/jpeg'],
    ['number.png', 'image/png'],
    ['number', ''],
  ]) {
    await choose(form, name, type, jpeg)
    expect(await answerOf(form)).toMatchObject({ status: 200, body: { text: number.text, accepted: true } })
  }
})

test('shows what was wrong with a file that is no picture', async () => {
  const { page, expectComplaint } = await open()
  expectComplaint(/status of 415/)
  const form = await formOf(page, 'read')
  await choose(form, 'notes.png', 'image/png', Buffer.from('no picture'))
  expect(await answerOf(form)).toMatchObject({
    status: 415,
    body: { detail: 'The file is no PNG, JPEG or WebP picture; these three are read.' },
  })
})

test('sends the examples as they stand, and asks for what takes no body', async () => {
  const { page } = await open()
  const { version } = (await (await fetch(`${inject('open')}/v1/model`)).json()) as { version: string }
  expect(await answerOf(await formOf(page, 'model'))).toMatchObject({ status: 200, body: { name: 'digits', version } })
  for (const operation of ['predict', 'read', 'infer', 'inferOfVersion', 'modelMetadata', 'ready']) {
    expect((await answerOf(await formOf(page, operation))).status, operation).toBe(200)
  }
})

test('is worked with the keyboard alone', async () => {
  const { page } = await open()
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement!
      return `${element.closest('section')?.id ?? ''} ${element.tagName} ${element.textContent}`
    })
  const tabTo = async (wanted: string) => {
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press('Tab')
      if ((await focused()) === wanted) return
    }
    throw new Error(`Tab does not come to ${wanted}.`)
  }
  await tabTo('model SUMMARY Try it')
  await page.keyboard.press('Enter')
  await tabTo('model BUTTON Send GET')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('#model form pre').textContent()).toMatch(/^200 /)
})

test.for([
  { name: 'light, desktop', options: DESKTOP },
  { name: 'dark, desktop', options: { ...DESKTOP, colorScheme: 'dark' as const } },
  { name: 'light, phone', options: PHONE },
  {
    name: 'dark, 320 pixels wide',
    options: { ...PHONE, viewport: { width: 320, height: 568 }, colorScheme: 'dark' as const },
  },
])('axe finds nothing wrong, and nothing sticks out, with everything open: $name', async ({ options }) => {
  const { page } = await open(options)
  expect(await violations(page)).toEqual([])
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) (details as HTMLDetailsElement).open = true
  })
  await page.locator('#model form button').click()
  await expect.poll(() => page.locator('#model form pre').textContent()).toMatch(/^200 /)
  expect(await violations(page)).toEqual([])
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: innerWidth,
  }))
  expect(wide).toBe(window)
})
