/** The ten numerals as single strokes, on a field of 64 × 96: the machine's handwriting, the same on every device. */
const PATHS = [
  'M32 8C15 8 8 27 8 48s7 40 24 40 24-19 24-40S49 8 32 8Z',
  'M16 24 36 8v80',
  'M10 29C10 16 19 8 32 8s22 8 22 21c0 15-13 27-43 59h46',
  'M11 19C15 12 22 8 31 8c13 0 21 8 21 19 0 12-9 19-24 19 16 0 27 7 27 21 0 13-10 21-24 21-11 0-19-5-23-13',
  'M44 88V8L7 64h51',
  'M51 8H19l-5 37c5-5 11-8 19-8 14 0 23 10 23 25 0 16-10 26-25 26-10 0-18-4-23-12',
  'M46 8C26 18 9 39 9 62c0 16 9 26 23 26s23-9 23-24c0-14-9-23-22-23-12 0-22 8-24 20',
  'M8 8h48C43 32 31 58 27 88',
  'M32 46c-12 0-20-7-20-19S20 8 32 8s20 7 20 19-8 19-20 19c-14 0-23 8-23 21s9 21 23 21 23-8 23-21-9-21-23-21Z',
  'M18 88c20-10 37-31 37-54C55 18 46 8 32 8S9 17 9 32c0 14 9 23 22 23 12 0 22-8 24-20',
]

const SVG = 'http://www.w3.org/2000/svg'

/** Writes a digit into an SVG that has one path; null writes nothing. */
export function writeNumeral(svg: SVGElement, digit: number | null): void {
  svg.firstElementChild!.setAttribute('d', digit === null ? '' : PATHS[digit])
}

/** A new numeral; for the eye only, the digit must also stand in words. */
export function numeral(digit: number): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 64 96')
  svg.setAttribute('class', 'numeral')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(document.createElementNS(SVG, 'path'))
  writeNumeral(svg, digit)
  return svg
}
