/** npm run screenshot: the picture at the top of the README: the page with a digit drawn and answered, light, desktop. */
import { mkdirSync } from 'node:fs'
import { unstable_startWorker as startWorker } from 'wrangler'
import { HANDWRITING, smooth } from '../test/web/handwriting.ts'
import { findOrBringChromium, launchChromium } from './chromium.ts'

const FILE = 'docs/page.png'
const DIGIT = '5'

process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
const worker = await startWorker({
  config: 'wrangler.toml',
  dev: { server: { hostname: 'localhost', port: 0 }, inspector: false, watch: false, logLevel: 'error' },
})
await worker.ready
const browser = await launchChromium(findOrBringChromium())
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
await page.goto((await worker.url).origin)
const pad = (await page.locator('#pad').boundingBox())!
for (const stroke of HANDWRITING[DIGIT][0]) {
  const [first, ...rest] = smooth(stroke, 3).map(
    ([x, y]) => [pad.x + pad.width * (0.22 + 0.0056 * x), pad.y + pad.height * (0.16 + 0.0068 * y)] as const,
  )
  await page.mouse.move(...first)
  await page.mouse.down()
  for (const point of rest) await page.mouse.move(...point)
  await page.mouse.up()
}
await page.locator('#answer[aria-busy=false]').waitFor()
await page.mouse.move(0, 0)
mkdirSync('docs', { recursive: true })
await page.screenshot({ path: FILE, animations: 'disabled' })
console.log(`written to ${FILE}`)
await browser.close()
await worker.dispose()
