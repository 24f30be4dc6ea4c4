/** npm run screenshot: the README's pictures of the page, with a digit written on it, and of the training report. */
import { join } from 'node:path'
import { unstable_startWorker as startWorker } from 'wrangler'
import { write } from '../test/web/hand.ts'
import { findOrBringChromium, launchChromium } from './chromium.ts'

const FOLDER = join(import.meta.dirname, '../docs')

process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
const worker = await startWorker({
  config: 'wrangler.toml',
  dev: { server: { hostname: 'localhost', port: 0 }, inspector: false, watch: false, logLevel: 'error' },
})
await worker.ready
const browser = await launchChromium(findOrBringChromium())
const page = await browser.newPage({ viewport: { width: 1200, height: 780 }, colorScheme: 'light' })
await page.goto((await worker.url).origin)
await write(page, '5', { x: 0.18, y: 0.14, width: 0.64, height: 0.72 })
await page.locator('#answer[aria-busy=false] .bars [data-best]').waitFor()
// The bars take a moment to rise, and the pen's cursor is not part of the picture.
await page.mouse.move(0, 0)
await page.waitForTimeout(500)
await page.screenshot({ path: join(FOLDER, 'page.png') })
await page.goto(`${(await worker.url).origin}/report`)
await page.setViewportSize({ width: 1200, height: 860 })
await page.screenshot({ path: join(FOLDER, 'report.png') })
await browser.close()
await worker.dispose()
console.log(`Wrote page.png and report.png to ${FOLDER}`)
