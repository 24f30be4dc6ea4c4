/** The figures that the project's README shows: each with the command that measures it. */
import { duration } from '../../train/format.ts'
import type { Committed } from '../quote.ts'
import { medianOf, type Results } from '../support/results.ts'
import { figure } from '../support/table.ts'
import { TO_NOTEBOOK } from '../train.ts'

const AT = '8 connections'

const LABELS = {
  'tfjs-wasm': 'stock TensorFlow.js on WASM',
  'tfjs-cpu': 'on its CPU backend',
  javascript: 'plain JavaScript',
  onnxruntime: 'onnxruntime-web',
  python: 'PyTorch behind FastAPI',
}

export function highlights(results: Committed): string {
  const rows = [
    ...ofServe(results.serve),
    ...ofTrain(results.train),
    ...ofNumbers(results.numbers),
    ...ofSoak(results.soak),
  ]
  const table = ['| what | figure | command |', '| --- | --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)]
  const where = results.serve ?? results.train
  const machine = where && `Measured on ${where.machine.cores} cores of ${where.machine.cpu}, ${where.date}`
  return [
    ...table,
    '',
    `${machine ?? 'Measured'}; all of it, beside what else one would use, in [bench/](bench/README.md).`,
  ].join('\n')
}

type Row = [what: string, figure: string, command: string]

function ofServe(serve: Results | undefined): Row[] {
  if (serve === undefined) return []
  const command = '`npm run bench -- serve`'
  const of = (what: string, ...where: string[]) => medianOf(serve, what, 'ours', ...where)
  const beside = ([name, label]: [string, string]) => {
    const [ours, theirs] = ['ours', name].map((one) => medianOf(serve, 'throughput', one, 'one image', AT))
    return ours === undefined || theirs === undefined ? undefined : `${(ours / theirs).toFixed(1)}× ${label}`
  }
  const ratios = Object.entries(LABELS).map(beside).filter(Boolean).join(', ')
  const batch = of('throughput', 'batch of 128', AT)
  const milliseconds = (microseconds: number | undefined) => figure(microseconds && microseconds / 1000, 'ms')
  return [
    ['one image: throughput, one isolate', figure(of('throughput', 'one image', AT), 'requests/s'), command],
    ['… to what else would answer', ratios, command],
    [
      '… over a Worker that only reads the body and answers',
      `${figure(of('time over the floor', 'one image', AT), 'µs')} more a request`,
      command,
    ],
    ['batches of 128: throughput', figure(batch && 128 * batch, 'images/s'), command],
    ['280×280 PNG: CPU', milliseconds(of('CPU per request', 'PNG', AT)), command],
    ['ten-digit number in a photo: CPU', milliseconds(of('CPU per request', 'photo', AT)), command],
    ['start-up over an empty Worker', figure(of('start-up over the floor'), 'ms'), command],
  ]
}

function ofTrain(train: Results | undefined): Row[] {
  if (train === undefined) return []
  const command = '`npm run bench -- train`'
  const [stock, ours] = ['stock', 'ours'].map((who) => figure(medianOf(train, 'one epoch', 'train', who), 's'))
  const ratio = medianOf(train, 'stock to ours', 'train')
  return [
    [
      'training, one epoch, deformation included, against stock `model.fit`',
      `${ours} against ${stock}, ${ratio?.toFixed(1)}×`,
      command,
    ],
    [
      "from nothing to the notebook's 97.21 %, on validation",
      figure(medianOf(train, TO_NOTEBOOK, 'train', 'ours'), 's'),
      command,
    ],
  ]
}

function ofNumbers(numbers: Results | undefined): Row[] {
  if (numbers === undefined) return []
  const exact = (name: string) => figure(medianOf(numbers, 'exact', 'numbers', name), '%')
  const digits = `numbers of 5 to 11 MNIST ${numbers.settings.digits} digits read exactly`
  const command = `\`npm run bench -- numbers --digits ${numbers.settings.digits}\``
  return [
    [`${digits}: well apart`, exact('plain'), command],
    ['… half in a shadow with a soft edge, with a hard one', ['shadow', 'hard shadow'].map(exact).join(', '), command],
    [
      '… on sloping lines, turned by up to 34°, with noise',
      ['sloping', 'turned', 'noisy'].map(exact).join(', '),
      command,
    ],
    ['… in groups, parted by hyphens, dots, commas, plus signs, parentheses, tall slashes', exact('grouped'), command],
    ['… with words before or behind them', exact('words'), command],
    ['… with strokes that break here and there, all over', ['broken', 'dotted'].map(exact).join(', '), command],
    ['… with a touching pair, with one that overlaps', ['touching', 'overlapping'].map(exact).join(', '), command],
  ]
}

function ofSoak(soak: Results | undefined): Row[] {
  if (soak === undefined) return []
  const of = (what: string) => medianOf(soak, what, 'soak')
  const minutes = duration(60 * (soak.settings.minutes as number))
  return [
    [
      `good and hostile traffic for ${minutes}`,
      `${of('requests')?.toLocaleString('en')} requests, ${of('faults')} faults`,
      '`npm run bench -- soak`',
    ],
  ]
}
