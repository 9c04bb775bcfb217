/** A roll shown as a round of codes comes out as it went in, however the camera catches them; nothing else gets in. */
import * as fc from 'fast-check'
import { encodeQR } from 'qr'
import { expect, it } from 'vitest'
import { createCollector, toFrames } from '../../../../../src/client/features/meetings/roll/carry/frames.ts'
import { fromBase45, toBase45 } from '../../../../../src/shared/meetings/codes/text/base45.ts'

it('base45 gives every byte back, and takes nothing that is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(fromBase45(toBase45(bytes))).toEqual(new Uint8Array(bytes))
    }),
  )
  // RFC 9285, section 4.
  expect(toBase45(new TextEncoder().encode('Hello!!'))).toBe('%69 VD92EX0')
  for (const bad of ['a', 'GGW', ':::', '::', 'ab']) expect(fromBase45(bad)).toBeUndefined()
})

const anyText = fc.string({ unit: 'binary', maxLength: 3000 })

it('gives the text back from frames in any order, some of them again and again, with other codes in between', () => {
  fc.assert(
    fc.property(anyText, fc.array(fc.nat(), { maxLength: 60 }), (text, order) => {
      const frames = toFrames(text.toWellFormed())
      const collector = createCollector()
      let last: ReturnType<typeof collector.add> = { type: 'foreign' }
      const queue = [...order.map((n) => frames[n % frames.length]!), ...frames]
      for (const frame of queue) {
        expect(collector.add('https://example.com/')).toEqual({ type: 'foreign' })
        last = collector.add(frame)
        if (last.type === 'whole') break
        expect(last.type).toBe('more')
      }
      expect(last).toEqual({ type: 'whole', text: text.toWellFormed() })
    }),
  )
})

it('says how far it is, and that a frame is of another round', () => {
  const long = (seed: string) => Array.from({ length: 400 }, (_, n) => `${seed}${(n * 7919) % 10007}`).join()
  const [one, other] = [toFrames(long('甲')), toFrames(long('乙'))]
  expect(one.length).toBeGreaterThan(2)
  const collector = createCollector()
  expect(collector.add(one[1]!)).toEqual({ type: 'more', have: 1, total: one.length })
  expect(collector.add(one[1]!)).toEqual({ type: 'more', have: 1, total: one.length })
  expect(collector.add(other[0]!)).toEqual({ type: 'other' })
  collector.clear()
  expect(collector.add(other[0]!)).toMatchObject({ type: 'more', have: 1 })
})

it('does not give out what a camera has misread, nor what swells without end', () => {
  const frames = toFrames('考勤')
  const [head] = frames[0]!.split(/(?<=^(?:[^:]*:){4})/)
  const collector = createCollector()
  expect(collector.add(`${head}${toBase45(new Uint8Array([1, 2, 3]))}`)).toEqual({ type: 'damaged' })
  expect(collector.add(frames[0]!)).toEqual({ type: 'whole', text: '考勤' })
  expect(createCollector().add(toFrames('0'.repeat(6_000_000))[0]!).type).not.toBe('whole')
})

it('keeps each code small enough for an old camera', () => {
  for (const frame of toFrames(Array.from({ length: 900 }, (_, n) => String((n * 7919) % 10007)).join())) {
    const size = encodeQR(frame, 'raw', { ecc: 'medium', border: 1 }).length - 2
    expect(size).toBeLessThanOrEqual(77)
  }
})
