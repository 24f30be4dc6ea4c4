import { beforeAll, expect, it } from 'vitest'
import { type Floats, type Kernels, type Matrix, startKernels } from '../../train/kernels.ts'
import { randomOf } from '../../train/random.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = await startKernels()
})

const random = randomOf(5, 'kernels')
const normals = (length: number) => Float32Array.from({ length }, () => random.normal())
/** As after relu: so many in ten are above 0. */
const sparse = (length: number, tenths: number) =>
  normals(length).map((value) => (random.below(10) < tenths ? Math.abs(value) : 0))

/** x·w + bias in single precision, summed column by column; x is given by its element (row, column). */
function expected(
  x: (row: number, column: number) => number,
  { rows, columns, units }: { rows: number; columns: number; units: number },
  w: Float32Array,
  bias: Float32Array,
  relu: boolean,
): Float32Array {
  const out = new Float32Array(rows * units)
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = bias[unit]
      for (let i = 0; i < columns; i++) sum = Math.fround(sum + Math.fround(x(row, i) * w[i * units + unit]))
      out[row * units + unit] = relu ? Math.max(0, sum) : sum
    }
  }
  return out
}

it('product: is the sum in its order, bit for bit, at any width, and writes nothing beyond', () => {
  for (const units of [1, 3, 10, 31, 32, 33, 63, 64, 68, 342]) {
    for (const [rows, columns] of [
      [1, 1],
      [3, 40],
      [7, 100],
    ]) {
      // None, some, all of x.
      for (const tenths of [0, 3, 10]) {
        for (const relu of [true, false]) {
          const [x, w, bias] = [sparse(rows * columns, tenths), normals(columns * units), normals(units)]
          const size = { rows, columns, units }
          const out = kernels.floats(new Float32Array(rows * units + 2).fill(7))
          const given = [x, w, bias].map((values) => kernels.floats(values))
          const shape = { rows: columns, columns: units }
          const multiply = (matrix: Omit<Matrix, 'values'>) => {
            const [values, kernel, offset] = given
            const options = { relu, bias: { values: offset, at: 0 } }
            kernels.product({ values, ...matrix }, { values: kernel, ...shape }, { values: out, at: 1 }, options)
            const found = kernels.view(out).slice()
            expect([found[0], found.at(-1)]).toEqual([7, 7])
            return found.subarray(1, -1)
          }
          const label = `${rows}×${columns}×${units}, ${tenths} in ten`
          expect(multiply({ rows, columns }), label).toEqual(
            expected((row, column) => x[row * columns + column], size, w, bias, relu),
          )
          expect(multiply({ rows, columns, transposed: true }), `${label}, transposed`).toEqual(
            expected((row, column) => x[column * rows + row], size, w, bias, relu),
          )
          kernels.release(out, ...given)
        }
      }
    }
  }
})

it('product: takes matrices from the midst of others, without bias', () => {
  const all = normals(3 * 4 + 5)
  const [values, x, out] = [all, Float32Array.of(1, 0, 2), new Float32Array(4)].map((one) => kernels.floats(one))
  kernels.product({ values: x, rows: 1, columns: 3 }, { values, at: 5, rows: 3, columns: 4 }, { values: out, at: 0 })
  expect(kernels.view(out)).toEqual(Float32Array.from({ length: 4 }, (_, i) => all[5 + i] + 2 * all[13 + i]))
  kernels.release(values, x, out)
})

it.each([1, 2, 3, 4, 5, 8, 11])('whereActive: keeps %i values where the others are above 0, and no more', (count) => {
  const [values, active] = [normals(count + 1), sparse(count + 1, 5)]
  const [kept, by] = [values, active].map((one) => kernels.floats(one))
  kernels.whereActive(kept, by, count)
  expect(kernels.view(kept)).toEqual(values.map((value, i) => (i === count || active[i] > 0 ? value : 0)))
  kernels.release(kept, by)
})

it.each([1, 2, 3, 4, 5, 8, 11])('average: moves %i numbers in double precision', (count) => {
  const [from, to] = [normals(count), normals(count)]
  const [average, values]: Floats[] = [from, to].map((one) => kernels.floats(one))
  kernels.average(average, values, 0.001)
  expect(kernels.view(average)).toEqual(from.map((value, i) => value + 0.001 * (to[i] - value)))
  kernels.release(average, values)
})
