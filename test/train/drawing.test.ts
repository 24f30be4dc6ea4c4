import { describe, expect, test, vi } from 'vitest'
import { drawGrid, drawImage, shadingOf } from '../../train/commands/drawing.ts'
import { inColour } from '../../train/commands/terminal.ts'

const stream = (isTTY: boolean, depth: number) => ({ isTTY, getColorDepth: () => depth }) as NodeJS.WriteStream

/** Left half ink, right half paper. */
const halves = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 < 14 ? 255 : 0))

describe('shades and colours', () => {
  test('are as rich as the terminal, and none at all in a pipe', () => {
    vi.stubEnv('NO_COLOR', '')
    expect([24, 8, 4, 1].map((depth) => shadingOf(stream(true, depth)))).toEqual([
      'truecolor',
      'palette',
      'plain',
      'plain',
    ])
    expect(shadingOf(stream(false, 24))).toBe('plain')
    expect(inColour(stream(true, 8))('bold', '7')).toBe('\u001b[1m7\u001b[22m')
    expect(inColour(stream(false, 24))('bold', '7')).toBe('7')
    vi.unstubAllEnvs()
  })

  test('are left out with NO_COLOR', () => {
    vi.stubEnv('NO_COLOR', '1')
    expect(shadingOf(stream(true, 24))).toBe('plain')
    expect(inColour(stream(true, 24))('red', '7')).toBe('7')
    vi.unstubAllEnvs()
  })
})

describe('an image as text', () => {
  test('takes two rows of pixels to a line, in colour', () => {
    const lines = drawImage(halves, 'truecolor', 1)
    expect(lines).toHaveLength(14)
    const ink = '\u001b[38;2;255;255;255;48;2;255;255;255m▀'
    const paper = '\u001b[38;2;0;0;0;48;2;0;0;0m▀'
    expect(lines[0]).toBe(`${ink.repeat(14)}${paper.repeat(14)}\u001b[0m`)
    expect(drawImage(halves, 'palette', 1)[0]).toContain('\u001b[38;5;231;48;5;231m▀\u001b[38;5;16;48;5;16m▀')
  })

  test('shrinks until the grid is as narrow as the terminal', () => {
    const images = new Uint8Array(4 * 784).fill(255)
    const captions = ['1', '2', '3', '4']
    const widths = [115, 59, 31].map((width) => drawGrid(images, captions, 4, 'plain', width)[0].length)
    expect(widths).toEqual([4 * 29 - 1, 4 * 15 - 1, 4 * 8 - 1])
    expect(drawGrid(images, captions, 3, 'plain', 31)).toHaveLength(2 * (4 + 1))
  })
})
