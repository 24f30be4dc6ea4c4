/** How cost grows, as one SVG that follows the reader's light or dark colours. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { connectionsName } from '../serve/rounds.ts'
import { medianOf, type Results } from '../support/results.ts'
import { PLANS } from './cost.ts'
import { AXES, type Axis, nameOf } from './questions.ts'
import { LOADED, UNLOADED } from './settings.ts'

const WIDTH = 330
const HEIGHT = 260

const PANELS: readonly { title: string; axes: readonly Axis[] }[] = [
  { title: 'images in a batch', axes: ['images'] },
  { title: 'width of a picture of one digit, pixels', axes: ['PNG', 'JPEG'] },
  { title: 'digits read from a picture', axes: ['digits'] },
]

/** Both can be told apart on white and on black. */
const COLOURS = { cpu: '#2f7fc1', latency: '#c8702a' } as const
const JPEG_DASHES = '5 3'
const LIMIT_DASHES = '2 3'

const STYLE = `
  svg { color: #1d2129; background: #fff; font: 12px system-ui, sans-serif }
  @media (prefers-color-scheme: dark) { svg { color: #d7dae0; background: #0d1117 } }
`

const { document } = parseHTML('<!doctype html><html><body></body></html>')

/** CPU per request and latency against what grows, both axes logarithmic. */
export function scalePlot(results: Results): string {
  const all = PANELS.flatMap(({ axes }) => axes.flatMap((axis) => pointsOf(results, axis)))
  const values = [...all.flatMap(({ cpu, latency }) => [cpu, latency]), PLANS.free.cpuMs].filter(Number.isFinite)
  const domain = [Math.min(...values) / 1.3, Math.max(...values) * 1.3]
  const panels = PANELS.map(
    (panel, i) => `<g transform="translate(${i * WIDTH} 28)">${panelOf(results, panel, domain)}</g>`,
  )
  const width = WIDTH * PANELS.length
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT + 36}" viewBox="0 0 ${width} ${HEIGHT + 36}" role="img" aria-label="Milliseconds against the size of a request">
<style>${STYLE}</style>
${legend()}
${panels.join('\n')}
</svg>
`
}

function legend(): string {
  const entry = (x: number, mark: string, text: string) =>
    `<g transform="translate(${x} 14)">${mark}<text x="30" y="4" fill="currentColor">${text}</text></g>`
  const line = (stroke: string, dashes = 'none') =>
    `<line x2="24" stroke-width="2" stroke="${stroke}" stroke-dasharray="${dashes}"/>`
  return [
    entry(46, line(COLOURS.cpu), 'CPU a request, milliseconds'),
    entry(266, line(COLOURS.latency), 'latency of one at a time, milliseconds'),
    entry(546, line('currentColor'), 'PNG'),
    entry(616, line('currentColor', JPEG_DASHES), 'JPEG'),
    entry(696, line('currentColor', LIMIT_DASHES), `the free plan’s ${PLANS.free.cpuMs} ms of CPU`),
  ].join('')
}

function panelOf(results: Results, { title, axes }: (typeof PANELS)[number], domain: number[]): string {
  const sizes = [...new Set(axes.flatMap((axis) => [...AXES[axis].sizes]))]
  const lines = axes.flatMap((axis) => {
    const points = pointsOf(results, axis)
    return (['cpu', 'latency'] as const).map((what) =>
      Plot.line(
        points.filter((point) => Number.isFinite(point[what])),
        {
          x: ({ size }: Point) => Math.log2(size),
          y: what,
          stroke: COLOURS[what],
          strokeWidth: 2,
          strokeDasharray: axis === 'JPEG' ? JPEG_DASHES : 'none',
          marker: 'dot',
        },
      ),
    )
  })
  const ticks = [0.01, 0.1, 1, 10, 100, 1000, 10_000].filter((tick) => tick >= domain[0] && tick <= domain[1])
  const figure = Plot.plot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 46,
    marginBottom: 38,
    className: 'panel',
    document,
    // Plot's own logarithmic scale leaves out labels that begin with 6 to 9, whatever it is told.
    x: {
      label: title,
      ticks: sizes.map(Math.log2),
      tickFormat: (x: number) => `${Math.round(2 ** x)}`,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type: 'log', domain, label: null, ticks, tickFormat: (n: number) => `${n}` },
    marks: [
      Plot.gridY(ticks, { strokeOpacity: 0.15 }),
      Plot.ruleY([PLANS.free.cpuMs], { strokeDasharray: LIMIT_DASHES, stroke: 'currentColor' }),
      ...lines,
    ],
  })
  const svg: string = figure.outerHTML
  return svg
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/="[^"]*"/g, (attribute) => attribute.replace(/(\.\d\d)\d+/g, '$1'))
}

interface Point {
  size: number
  /** Milliseconds; NaN where it could not be measured. */
  cpu: number
  latency: number
}

function pointsOf(results: Results, axis: Axis): Point[] {
  return AXES[axis].sizes.map((size) => {
    const of = (what: string, connections: number) =>
      medianOf(results, what, 'ours', nameOf(axis, size), connectionsName(connections)) ?? Number.NaN
    return { size, cpu: of('CPU per request', LOADED) / 1000, latency: of('p50', UNLOADED) }
  })
}
