import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestPath, bestThrough, type ReadArc } from '../../recognize/path.ts'

/** All paths from a node to the last. */
function pathsFrom(at: number, nodes: number, arcs: readonly ReadArc[]): ReadArc[][] {
  if (at === nodes - 1) return [[]]
  return arcs
    .filter((arc) => arc.from === at)
    .flatMap((arc) => pathsFrom(arc.to, nodes, arcs).map((rest) => [arc, ...rest]))
}

const weightOf = (paths: readonly ReadArc[][]) => Math.log(paths.reduce((sum, path) => sum + Math.exp(total(path)), 0))
const total = (path: readonly ReadArc[]) => path.reduce((sum, { score }) => sum + score, 0)

const graph = fc.integer({ min: 2, max: 7 }).chain((nodes) => {
  const arc = fc
    .tuple(
      fc.nat(nodes - 2),
      fc.nat(nodes - 2),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom('', '1', '7'),
    )
    .map(([a, b, score, says]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1, score, says }))
  // One step from each node to the next, so that there is a path.
  const steps = Array.from({ length: nodes - 1 }, (_, at) => ({ from: at, to: at + 1, score: -3, says: '' }))
  return fc.array(arc, { maxLength: 12 }).map((arcs) => ({ nodes, arcs: [...steps, ...arcs] }))
})

describe('the best path', () => {
  it('is the best that says what all together say most, with the share that its arcs have in the weight of all', () => {
    fc.assert(
      fc.property(graph, ({ nodes, arcs }) => {
        const all = pathsFrom(0, nodes, arcs)
        const { path, shares } = bestPath(arcs, nodes)
        const saying = Map.groupBy(all, (one) => one.map(({ says }) => says).join(''))
        const likeliest = Math.max(...[...saying.values()].map(weightOf))
        const same = saying.get(path.map(({ says }) => says).join(''))!
        expect(weightOf(same)).toBeCloseTo(likeliest, 9)
        expect(total(path)).toBeCloseTo(Math.max(...same.map(total)), 9)
        const weight = all.reduce((sum, path) => sum + Math.exp(total(path)), 0)
        for (const [arc, share] of shares) {
          const through = all.filter((one) => one.includes(arc)).reduce((sum, path) => sum + Math.exp(total(path)), 0)
          expect(share).toBeCloseTo(through / weight, 6)
        }
      }),
    )
  })
})

describe('the best path through each arc', () => {
  it('is the best of all that have it', () => {
    fc.assert(
      fc.property(graph, ({ nodes, arcs }) => {
        const all = pathsFrom(0, nodes, arcs)
        bestThrough(arcs, nodes).forEach((score, k) => {
          const through = all.filter((path) => path.includes(arcs[k])).map(total)
          if (through.length === 0) expect(score).toBe(Number.NEGATIVE_INFINITY)
          else expect(score).toBeCloseTo(Math.max(...through), 9)
        })
      }),
    )
  })
})
