import { describe, expect, it } from 'vitest'
import {
  boxWidth,
  mostCharacters,
  pathFromStroke,
  readSignature,
  shapeFromStrokes,
  simplify,
  strokesFromShape,
  writtenBox,
} from '../../../src/client/ui/signature/signature-shape.ts'

const line = (count: number) => Array.from({ length: count }, (_, index) => ({ x: index, y: index / 2 }))

/** A restless hand: many long strokes with noise, from a fixed seed. */
const scribble = (strokeCount: number, pointCount: number) => {
  let seed = 20261123
  const random = () => {
    seed = (seed * 1664525 + 1013904223) % 4294967296
    return seed / 4294967296
  }
  return Array.from({ length: strokeCount }, () =>
    Array.from({ length: pointCount }, () => ({ x: random() * 320, y: random() * 200 })),
  )
}

describe('shapeFromStrokes', () => {
  it('makes nothing of nothing', () => {
    expect(shapeFromStrokes([], 320, 200)).toBeNull()
    expect(shapeFromStrokes([[]], 320, 200)).toBeNull()
    expect(shapeFromStrokes([line(3)], 0, 0)).toBeNull()
  })
  it('keeps the aspect of the box and whole numbers', () => {
    const shape = shapeFromStrokes(
      [
        [
          { x: 160, y: 100 },
          { x: 320, y: 33.3 },
        ],
      ],
      320,
      200,
    )
    expect(shape).toEqual({ width: boxWidth, height: 625, strokes: [[500, 313, 1000, 104]] })
  })
  it('keeps a dot as a dot', () => {
    expect(shapeFromStrokes([[{ x: 32, y: 20 }]], 320, 200)?.strokes).toEqual([[100, 63]])
  })
  it('drops points that lie on the line', () => {
    expect(shapeFromStrokes([line(300)], 320, 200)?.strokes).toEqual([[0, 0, 934, 467]])
  })
  it('never leaves the box', () => {
    const shape = shapeFromStrokes(
      [
        [
          { x: -50, y: -9 },
          { x: 900, y: 700 },
        ],
      ],
      320,
      200,
    )
    expect(shape?.strokes).toEqual([[0, 0, 1000, 625]])
  })
  it.each([
    [12, 80],
    [40, 200],
    [400, 600],
  ])('stays small for %d strokes of %d points', (strokeCount, pointCount) => {
    const shape = shapeFromStrokes(scribble(strokeCount, pointCount), 320, 200)
    expect(JSON.stringify(shape).length).toBeLessThanOrEqual(mostCharacters)
    expect(readSignature(shape)).toEqual(shape)
  })
  it('comes back to the same shape when it is drawn again in its own box', () => {
    const first = shapeFromStrokes(scribble(2, 30), 320, 200)!
    const again = shapeFromStrokes(strokesFromShape(first, 1000), 1000, 625)!
    expect(again.height).toBe(first.height)
    expect(again.strokes.length).toBe(first.strokes.length)
  })
})

it('takes a very long stroke without exhausting stack or patience', () => {
  const spiral = Array.from({ length: 50_000 }, (_, index) => ({
    x: 160 + (Math.cos(index / 50) * index) / 400,
    y: 100 + (Math.sin(index / 50) * index) / 600,
  }))
  expect(JSON.stringify(shapeFromStrokes([spiral], 320, 200)).length).toBeLessThanOrEqual(mostCharacters)
})

it('simplifies within the tolerance and keeps both ends', () => {
  const wave = Array.from({ length: 100 }, (_, x) => ({ x, y: x === 50 ? 20 : 0 }))
  expect(simplify(wave, 1).map(({ x }) => x)).toEqual([0, 49, 50, 51, 99])
  expect(simplify(wave, 30).map(({ x }) => x)).toEqual([0, 99])
})

describe('readSignature', () => {
  it.each([
    null,
    'x',
    {},
    { width: 1000, height: 500, strokes: 'M0 0' },
    { width: 1000, height: 500, strokes: [[1, 2, 3]] },
    { width: 1000, height: 500, strokes: [['"><script>', 2]] },
    { width: 1000, height: 500, strokes: [[1, Number.NaN]] },
    { width: 0, height: 500, strokes: [] },
  ])('refuses %j', (value) => {
    expect(readSignature(value)).toBeNull()
  })
})

describe('drawing a shape', () => {
  it('makes a path of numbers only', () => {
    expect(pathFromStroke([])).toBe('')
    expect(pathFromStroke([5, 6])).toBe('M5 6h.01')
    expect(pathFromStroke([0, 0, 100, 0, 100, 10])).toBe('M0 0L88 0Q100 0 100 5L100 10')
  })
  it('finds the written part', () => {
    expect(writtenBox({ width: 1000, height: 500, strokes: [[100, 200, 300, 260]] }, 10)).toBe(
      '90 190 220 80',
    )
    expect(writtenBox({ width: 1000, height: 500, strokes: [] })).toBe('0 0 1000 500')
  })
})
