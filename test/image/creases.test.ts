import { expect, it } from 'vitest'
import type { Picture } from '../../image/picture.ts'
import { findWriting } from '../../image/writing.ts'

/** White paper with lines on it: each a place and direction, a darkness and a width. */
function paper(width: number, height: number, lines: readonly (readonly number[])[], ends = [0, 1]): Picture {
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let light = 235
      for (const [atX, atY, angle, depth, wide] of lines) {
        const away = Math.abs((x - atX) * Math.sin(angle) - (y - atY) * Math.cos(angle))
        if (y >= ends[0] * height && y <= ends[1] * height) light -= depth * Math.exp(-((away / wide) ** 2))
      }
      data.fill(light, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return { width, height, data, source: { width, height } }
}

it('takes a straight line from edge to edge for a crease, whatever way it runs', () => {
  for (const angle of [0.2, 0.7, 1, 1.4, 1.57, 1.9, 2.6]) {
    expect({ angle, writing: findWriting(paper(420, 360, [[200, 170, angle, 60, 2]])) }).toEqual({
      angle,
      writing: null,
    })
  }
})

it('takes away several', () => {
  const lines = [
    [120, 100, 0.3, 50, 4],
    [210, 180, 1.2, 60, 4],
    [330, 180, 1.7, 40, 4],
  ]
  expect(findWriting(paper(420, 360, lines))).toBeNull()
})

it('leaves a stroke that ends before the edges do', () => {
  const writing = findWriting(paper(300, 300, [[150, 150, 1.5, 150, 5]], [0.1, 0.9]))
  expect(writing?.lines.flatMap(({ pieces }) => pieces)).toHaveLength(1)
})
