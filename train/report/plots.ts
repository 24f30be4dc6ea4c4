/**
 * The report's plots, as SVG that takes its colours from the page: CSS variables and currentColor, so that one drawing
 * serves light, dark and paper. All are drawn 360 pixels wide, which a phone shows as they are.
 */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { type CalibrationBin, type Evaluation, wilson } from '../evaluate.ts'
import type { EpochReport } from '../fit.ts'
import { type Html, raw } from './html.ts'

const WIDTH = 360
/** Colours by meaning; the page's style defines them. */
const COLOUR = {
  training: 'var(--warm)',
  validation: 'var(--cool)',
  good: 'var(--cool)',
  bad: 'var(--warm)',
  faint: 'var(--rule)',
}

const { document } = parseHTML('<!doctype html><html><body></body></html>')

function draw(label: string, options: Plot.PlotOptions): Html {
  const figure = Plot.plot({
    width: WIDTH,
    marginTop: 12,
    marginRight: 12,
    marginBottom: 32,
    marginLeft: 46,
    className: 'plot',
    style: { fontSize: '11px' },
    ariaLabel: label,
    ...options,
    document,
  })
  figure.setAttribute('role', 'img')
  // Plot's own style sheet is on the page already, once for all; hundredths of a pixel are finer than any screen.
  const svg: string = figure.outerHTML
  const text = svg
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/="[^"]*"/g, (attribute) => attribute.replace(/(\.\d\d)\d+/g, '$1'))
  return raw(text)
}

/** Training and validation loss over the epochs, on a logarithmic scale. */
export function lossPlot(history: EpochReport[]): Html {
  const values = history.flatMap((epoch) => [epoch.loss, epoch.validationLoss])
  const domain = around(values)
  return draw('Loss over the epochs', {
    height: 220,
    x: epochs(history),
    y: { type: 'log', domain, label: null, ticks: steps(domain), tickFormat: plain },
    marks: [
      Plot.gridY(steps(domain), { stroke: COLOUR.faint, strokeOpacity: 1 }),
      ...phaseMarks(history),
      ...curve(history, 'loss', COLOUR.training),
      ...curve(history, 'validationLoss', COLOUR.validation),
    ],
  })
}

/** Accuracy over the epochs. The scale is that of the errors' logarithm: the last tenths of a percent are the point. */
export function accuracyPlot(history: EpochReport[]): Html {
  const least = 1e-4
  const errors = history.map((epoch) => ({
    epoch: epoch.epoch,
    training: Math.max(least, 1 - epoch.accuracy),
    validation: Math.max(least, 1 - epoch.validationAccuracy),
  }))
  const domain = around(errors.flatMap(({ training, validation }) => [training, validation]))
  return draw('Accuracy over the epochs', {
    height: 220,
    x: epochs(history),
    y: {
      type: 'log',
      domain: [domain[1], domain[0]],
      label: null,
      ticks: steps(domain),
      tickFormat: (error: number) => `${plain(100 - error * 100)} %`,
    },
    marks: [
      Plot.gridY(steps(domain), { stroke: COLOUR.faint, strokeOpacity: 1 }),
      ...phaseMarks(history),
      ...curve(errors, 'training', COLOUR.training),
      ...curve(errors, 'validation', COLOUR.validation),
    ],
  })
}

/** The learning rate at the end of every epoch. */
export function learningRatePlot(history: EpochReport[]): Html {
  return draw('Learning rate over the epochs', {
    height: 150,
    x: epochs(history),
    y: {
      domain: [0, Math.max(...history.map((epoch) => epoch.learningRate))],
      nice: true,
      label: null,
      ticks: 4,
      tickFormat: plain,
    },
    marks: [
      Plot.gridY({ stroke: COLOUR.faint, strokeOpacity: 1, ticks: 4 }),
      ...phaseMarks(history),
      ...curve(history, 'learningRate', 'currentColor'),
    ],
  })
}

/** Seconds that each epoch took. */
export function timePlot(history: EpochReport[]): Html {
  return draw('Seconds per epoch', {
    height: 150,
    x: epochs(history),
    y: { label: null, ticks: 4, nice: true, tickFormat: (seconds: number) => `${plain(seconds)} s` },
    marks: [
      Plot.gridY({ stroke: COLOUR.faint, strokeOpacity: 1, ticks: 4 }),
      Plot.rectY(history, {
        x1: (epoch: EpochReport) => epoch.epoch - 0.42,
        x2: (epoch: EpochReport) => epoch.epoch + 0.42,
        y: 'seconds',
        fill: 'currentColor',
        fillOpacity: 0.45,
      }),
      Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.4 }),
    ],
  })
}

/** What was claimed (across) against what held (up), in fifteenths of confidence, with 95 % intervals. */
export function calibrationPlot(bins: CalibrationBin[], label: string): Html {
  const filled = bins
    .filter((bin) => bin.count > 0)
    .map((bin) => {
      const [low, high] = wilson(bin.right, bin.count)
      return { confidence: bin.confidence, right: bin.right / bin.count, low, high, count: bin.count }
    })
  const share = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: hundredths, label: null }
  return draw(label, {
    height: WIDTH,
    marginTop: 20,
    x: { ...share, label: 'confidence →', labelAnchor: 'right' },
    y: { ...share, label: '↑ right answers', labelAnchor: 'top' },
    r: { type: 'sqrt', domain: [0, Math.max(...filled.map((bin) => bin.count))], range: [2, 11] },
    marks: [
      Plot.gridX([0, 0.25, 0.5, 0.75, 1], { stroke: COLOUR.faint, strokeOpacity: 1 }),
      Plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: COLOUR.faint, strokeOpacity: 1 }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '3 3' },
      ),
      Plot.ruleX(filled, {
        x: 'confidence',
        y1: 'low',
        y2: 'high',
        stroke: COLOUR.good,
        strokeWidth: 1.5,
        strokeOpacity: 0.55,
      }),
      Plot.dot(filled, { x: 'confidence', y: 'right', r: 'count', fill: COLOUR.good, fillOpacity: 0.85 }),
    ],
  })
}

/** Pictures of one kind, each with its number on the histogram's axis. */
export interface Row {
  name: string
  note: string
  values: ArrayLike<number>
}

export interface Bars {
  label: string
  domain: [low: number, high: number]
  bins: number
  /** Values below it are drawn as refused. */
  threshold?: number
  tickFormat: (value: number) => string
}

/** One histogram above the other on a common axis, each as high as its own highest bar. */
export function histogramRows(rows: Row[], { label, domain, bins, threshold, tickFormat }: Bars): Html {
  const [low, high] = domain
  const width = (high - low) / bins
  const bars = rows.flatMap(({ values }, row) => {
    const counts = new Array<number>(bins).fill(0)
    for (const value of Array.from(values)) {
      counts[Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)))]++
    }
    const most = Math.max(...counts)
    return counts.flatMap((count, i) =>
      count === 0 ? [] : [{ row, x1: low + i * width, x2: low + (i + 1) * width, height: count / most }],
    )
  })
  const refused = (bar: { x1: number; x2: number }) => threshold !== undefined && (bar.x1 + bar.x2) / 2 < threshold
  const titles = rows.map(({ name, note }, row) => ({ row, name, note }))
  return draw(label, {
    height: rows.length * 62 + 40,
    marginLeft: 6,
    marginTop: 4,
    x: { domain, label: null, ticks: 6, tickFormat },
    y: { domain: [0, 1.5], axis: null },
    fy: { axis: null, domain: rows.map((_, row) => row), padding: 0.08 },
    marks: [
      Plot.rectY(bars, {
        fy: 'row',
        x1: 'x1',
        x2: 'x2',
        y: 'height',
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: COLOUR.good,
        filter: (bar) => !refused(bar),
      }),
      Plot.rectY(bars, {
        fy: 'row',
        x1: 'x1',
        x2: 'x2',
        y: 'height',
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: COLOUR.bad,
        filter: refused,
      }),
      Plot.ruleY(titles, { fy: 'row', y: 0, stroke: 'currentColor', strokeOpacity: 0.35 }),
      ...(threshold === undefined
        ? []
        : [Plot.ruleX(titles, { fy: 'row', x: threshold, stroke: 'currentColor', strokeDasharray: '2 2' })]),
      Plot.text(titles, {
        fy: 'row',
        text: 'name',
        frameAnchor: 'top-left',
        dy: 2,
        fontWeight: 600,
        fill: 'currentColor',
      }),
      Plot.text(titles, { fy: 'row', text: 'note', frameAnchor: 'top-right', dy: 2, fill: 'var(--muted)' }),
    ],
  })
}

/** Precision and recall of every digit, recall with its 95 % interval. */
export function digitsPlot({ digits }: Evaluation): Html {
  const shown = digits
    .filter((digit) => digit.count > 0)
    .map((digit) => {
      const [low, high] = wilson(digit.recall * digit.count, digit.count)
      return { ...digit, low, high }
    })
  const least = Math.min(...shown.map((digit) => Math.min(digit.low, digit.precision)))
  return draw('Precision and recall of every digit', {
    height: 24 * shown.length + 44,
    marginLeft: 24,
    x: {
      domain: [least, 1],
      nice: true,
      label: null,
      ticks: 5,
      tickFormat: (share: number) => `${plain(share * 100)} %`,
    },
    y: { type: 'band', label: null, domain: shown.map((digit) => digit.digit), tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: COLOUR.faint, strokeOpacity: 1, ticks: 5 }),
      Plot.ruleY(shown, {
        y: 'digit',
        x1: 'low',
        x2: 'high',
        stroke: COLOUR.good,
        strokeOpacity: 0.45,
        strokeWidth: 2,
      }),
      Plot.dot(shown, { y: 'digit', x: 'recall', r: 4.5, fill: COLOUR.good }),
      Plot.dot(shown, { y: 'digit', x: 'precision', r: 4, stroke: COLOUR.bad, strokeWidth: 2 }),
    ],
  })
}

const epochs = (history: EpochReport[]): Plot.ScaleOptions => {
  const last = history[history.length - 1].epoch
  return {
    domain: [Math.min(1, last - 1), last],
    label: null,
    ticks: Math.min(7, last),
    tickFormat: (epoch: number) => (Number.isInteger(epoch) && epoch > 0 ? `${epoch}` : ''),
    insetLeft: last > 12 ? 4 : 14,
    insetRight: last > 12 ? 4 : 14,
  }
}

/** A line, and its last point; points alone where there are few. */
function curve<T extends { epoch: number }>(rows: T[], y: keyof T & string, stroke: string) {
  return [
    Plot.lineY(rows, { x: 'epoch', y, stroke, strokeWidth: 2, strokeLinejoin: 'round' }),
    Plot.dot(rows.length <= 12 ? rows : rows.slice(-1), { x: 'epoch', y, fill: stroke, r: 2.8 }),
  ]
}

/** Where a new phase of the recipe begins. */
function phaseMarks(history: EpochReport[]) {
  const starts = history.filter((epoch, i) => i > 0 && epoch.phase !== history[i - 1].phase)
  return [
    Plot.ruleX(starts, {
      x: (epoch: EpochReport) => epoch.epoch - 0.5,
      stroke: 'currentColor',
      strokeOpacity: 0.35,
      strokeDasharray: '3 3',
    }),
  ]
}

/** A little more than the values take, for a logarithmic scale. */
function around(values: number[]): [number, number] {
  return [Math.min(...values) / 1.25, Math.max(...values) * 1.15]
}

/** 1, 2 and 5 times the powers of ten within the domain. */
function steps([low, high]: [number, number]): number[] {
  const all = [-5, -4, -3, -2, -1, 0, 1, 2].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
  return all.filter((step) => step >= low && step <= high)
}

const plain = (value: number) => `${Number(value.toPrecision(4))}`

const hundredths = (share: number) => `${Math.round(share * 100)} %`
