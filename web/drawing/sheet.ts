/** The two sheets to draw on. Their units are the pixels of the picture that is sent. */

export type Mode = 'digit' | 'number'

export interface Sheet {
  width: number
  height: number
  /** Pen widths in sheet units. */
  pens: { fine: number; medium: number; broad: number }
}

export type PenName = keyof Sheet['pens']

export const SHEETS: Record<Mode, Sheet> = {
  digit: { width: 280, height: 280, pens: { fine: 6, medium: 15, broad: 28 } },
  number: { width: 840, height: 420, pens: { fine: 6, medium: 11, broad: 20 } },
}
