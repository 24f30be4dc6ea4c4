/** Figures as people read them. */

/** A share as a percentage with two decimals. */
export const percent = (share: number) => `${(share * 100).toFixed(2)} %`

/** A chance, which is never quite none and never quite certain: for example `< 0.01 %`, `12.30 %`, `> 99.99 %`. */
export const chance = (share: number) =>
  share < 0.00005 ? '< 0.01 %' : share >= 0.99995 ? '> 99.99 %' : percent(share)

/** @returns for example `1:05` or `1:00:05` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const rest = `${whole % 60}`.padStart(2, '0')
  return hours > 0 ? `${hours}:${`${minutes}`.padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** @returns for example `99.24 to 99.54 %` */
export const percentRange = ([low, high]: readonly [number, number]) =>
  `${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} %`

/** @returns for example `55,000` */
export const count = (number: number) => number.toLocaleString('en')
