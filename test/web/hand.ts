/** Writes on the page's sheet, by mouse and by finger. */
import type { Page } from 'playwright-core'
import { HANDWRITING, smooth } from './handwriting.ts'

/** A part of the sheet, from 0 to 1. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
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
    smooth(stroke, 2).map(([x, y]) => ({
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
