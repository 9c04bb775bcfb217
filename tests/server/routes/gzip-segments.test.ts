import * as fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { joinSegments, toSegment } from '../../../src/server/routes/pull/gzip-segments.ts'

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '示例', '每周一课，'.repeat(30_000)),
)

it('pieces that were compressed apart are one gzip body of their texts, whatever they are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      async (texts, level) => {
        const segments = await Promise.all(texts.map((text) => toSegment(Buffer.from(text), level)))
        expect(gunzipSync(joinSegments(segments)).equals(Buffer.from(texts.join('')))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

it('one piece stands in many bodies', async () => {
  const kept = await toSegment(Buffer.from('同样的一段'), 6)
  for (const name of ['甲', '乙']) {
    const own = await toSegment(Buffer.from(name), 4)
    expect(gunzipSync(joinSegments([own, kept, own])).toString()).toBe(`${name}同样的一段${name}`)
  }
})
