import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { createClient } from '../../client/index.ts'
import { write, writeNumber } from './hand.ts'
import { answerOf, useBrowser, visit } from './visitor.ts'

useBrowser()

/** What `console.log` prints when the snippet runs as a module here. */
async function run(snippet: string): Promise<unknown[]> {
  const body = snippet.replace(/^import .*$/m, '')
  const printed: unknown[] = []
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  await AsyncFunction(
    'createClient',
    'console',
    body,
  )(createClient, { log: (...all: unknown[]) => printed.push(...all) })
  return printed
}

test('the curl, the fetch and the TypeScript beside the drawing get the same answer as the page', async () => {
  const { page } = await visit()
  await write(page, '5')
  expect((await answerOf(page)).best).toBe('5')
  const response = await page.locator('#response').textContent()
  const shown = JSON.parse(response!)
  const snippet = async (name: string) => {
    await page.getByLabel(name).check()
    return (await page.locator('#request').textContent())!
  }

  const printed = execFileSync('bash', ['-c', `set -o pipefail; ${await snippet('curl')}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(JSON.parse(printed.toString())).toEqual(shown)
  expect(await run(await snippet('fetch'))).toEqual([shown])
  expect(await run(await snippet('TypeScript'))).toEqual([5, shown.predictions[0].confidence])
})

test('a number’s request goes to /v1/read', async () => {
  const { page } = await visit()
  await page.getByLabel('A number').check()
  await writeNumber(page, '27')
  await answerOf(page)
  expect(await page.locator('#request').textContent()).toContain('/v1/read')
  await page.getByLabel('TypeScript').check()
  expect((await run((await page.locator('#request').textContent())!))[0]).toBe('27')
})

test('copies the request whole, though the drawing in it is shown shortened', async () => {
  const { page } = await visit()
  await write(page, '0')
  await answerOf(page)
  const data = page.locator('#request .data')
  expect((await data.boundingBox())!.width).toBeLessThan(200)
  await page.getByRole('button', { name: 'Copy' }).first().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(await page.locator('#request').textContent())
  expect(copied).toContain((await data.textContent())!)
})
