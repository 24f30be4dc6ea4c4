import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moved } from '../../recognize/views.ts'

const SIDE = 28
const step = fc.integer({ min: -2, max: 2 })

test('a moved image has every pixel there, and what leaves it does not come in on the other side', () => {
  const image = fc.uint8Array({ minLength: SIDE * SIDE, maxLength: SIDE * SIDE })
  fc.assert(
    fc.property(image, step, step, (before, right, down) => {
      const after = moved(before, right, down)
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
          const [fromX, fromY] = [x - right, y - down]
          const isInside = fromX >= 0 && fromX < SIDE && fromY >= 0 && fromY < SIDE
          expect(after[y * SIDE + x]).toBe(isInside ? before[fromY * SIDE + fromX] : 0)
        }
      }
    }),
    { numRuns: 20 },
  )
})
