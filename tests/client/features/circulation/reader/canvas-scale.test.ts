// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { canvasScale } from '../../../../../src/client/features/circulation/reader/pages/canvas-scale.ts'

/** Points, lying. */
const A3 = { width: 1191, height: 842 }
const phone = (pixelRatio: number, deviceMemory?: number) => {
  vi.stubGlobal('devicePixelRatio', pixelRatio)
  vi.stubGlobal('navigator', { deviceMemory })
}
afterEach(() => vi.unstubAllGlobals())

it('draws as finely as the screen shows', () => {
  phone(2)
  expect(canvasScale(A3, 328) * A3.width).toBeCloseTo(656)
})

it.each([
  ['a phone that does not say its memory', undefined, 8_000_000],
  ['one with 3 GB', 3, 8_000_000],
  ['one with 2 GB', 2, 5_000_000],
])('no canvas of %s is larger than it bears, and A3 is still read', (_, memory, most) => {
  phone(3, memory)
  // Enlarged as far as one may, on a tablet.
  const scale = canvasScale(A3, 900 * 4)
  expect(A3.width * A3.height * scale * scale).toBeLessThanOrEqual(most * 1.0001)
  // Small print of 8 points is a dozen pixels high at 110 dots an inch.
  expect(scale * 72).toBeGreaterThan(150)
})
