/** Pictures of a PDF within a phone's memory, and the places in pdf.js that ask for it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  boundedPictures,
  shareOfOnes,
  type PdfPicture,
} from '../../../../../src/client/features/circulation/reader/pdf/bounded-pictures.ts'
import { patchPdfWorker } from '../../../../../src/client/features/circulation/reader/pdf/patch-pdf-worker.ts'
import { quarterBits } from '../../../../support/one-bit-scan.ts'

const A3_AT_600 = { width: 7016, height: 9933 }
const MOST_PIXELS = 9_000_000

interface Image {
  data: Uint8ClampedArray
  width: number
  height: number
}
let made: Image[]
beforeEach(() => {
  made = []
  vi.stubGlobal(
    'ImageData',
    class {
      data: Uint8ClampedArray
      width: number
      height: number
      constructor(first: Uint8ClampedArray | number, width: number, height?: number) {
        this.data = typeof first === 'number' ? new Uint8ClampedArray(first * width * 4) : first
        ;[this.width, this.height] = typeof first === 'number' ? [first, width] : [width, height!]
        made.push(this)
      }
    },
  )
  vi.stubGlobal('createImageBitmap', async (image: Image) => ({ ...image, close: () => undefined }))
})
afterEach(() => vi.unstubAllGlobals())

describe('the share of ones', () => {
  it('is that of all pixels under each smaller one, whatever the sizes', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 40 }),
      toWidth: fc.integer({ min: 1, max: 60 }),
      toHeight: fc.integer({ min: 1, max: 40 }),
      seed: fc.infiniteStream(fc.constantFrom(0, 0xff, 0xa5, 0x01)),
    })
    fc.assert(
      fc.property(sizes, ({ width, height, toWidth, toHeight, seed }) => {
        const to = { width: Math.min(width, toWidth), height: Math.min(height, toHeight) }
        const rowBytes = (width + 7) >> 3
        const bits = Uint8Array.from({ length: rowBytes * height }, () => seed.next().value as number)
        const counted = new Map<number, [number, number]>()
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            // The row and the column of the smaller picture whose span holds this pixel.
            const spanOf = (at: number, from: number, into: number) => {
              for (let n = 0; n < into; n++) if (Math.floor(((n + 1) * from) / into) > at) return n
              return into - 1
            }
            const column = Math.floor((x * to.width) / width)
            const key = spanOf(y, height, to.height) * to.width + column
            const [ones, all] = counted.get(key) ?? [0, 0]
            counted.set(key, [ones + ((bits[y * rowBytes + (x >> 3)]! >> (7 - (x % 8))) & 1), all + 1])
          }
        const shares = shareOfOnes({ bits, width, height }, to)
        for (const [key, [ones, all]] of counted) expect(shares[key]).toBe(Math.round((ones * 255) / all))
        expect(counted.size).toBe(to.width * to.height)
      }),
    )
  })

  it('bits that are missing at the end of a damaged file are paper', () => {
    const shares = shareOfOnes({ bits: new Uint8Array(2), width: 8, height: 4 }, { width: 1, height: 4 })
    expect([...shares]).toEqual([0, 0, 255, 255])
  })
})

const pictureOf = (part: Partial<PdfPicture> & { width: number; height: number }) => ({
  drawWidth: part.width,
  drawHeight: part.height,
  bpc: 1,
  numComps: 1,
  colorSpace: { name: 'DeviceGray' },
  smask: null,
  mask: null,
  needsDecode: false,
  getImageBytes: vi.fn(async () => quarterBits(part)),
  ...part,
})
/** In the middle of each quarter: red and alpha. */
const quartersOf = ({ data, width, height }: Image) =>
  [0, 1, 2, 3].map((at) => {
    const [x, y] = [Math.floor(((at % 2) * 0.5 + 0.25) * width), Math.floor((at < 2 ? 0.25 : 0.75) * height)]
    return [data[(y * width + x) * 4]!, data[(y * width + x) * 4 + 3]!]
  })

describe('a picture of one bit', () => {
  it('of A3 at 600 dots an inch becomes grey within the most pixels, and nothing larger is made on the way', async () => {
    const painted = (await boundedPictures.picture(pictureOf(A3_AT_600)))!
    expect(painted.width * painted.height).toBeGreaterThan(MOST_PIXELS * 0.99)
    expect(Math.max(...made.map(({ width, height }) => width * height))).toBeLessThanOrEqual(MOST_PIXELS)
    expect(painted.width / painted.height).toBeCloseTo(A3_AT_600.width / A3_AT_600.height, 2)
    const [black, lines, white, last] = quartersOf(made[0]!)
    expect([black, white, last]).toEqual([
      [0, 255],
      [255, 255],
      [0, 255],
    ])
    // Two or three rows of lines under each pixel.
    expect(lines![0]).toBeGreaterThan(80)
    expect(lines![0]).toBeLessThan(175)
  })

  it('of a long roll has no side that browsers do not draw', async () => {
    const painted = (await boundedPictures.picture(pictureOf({ width: 120_000, height: 300 })))!
    expect(painted).toMatchObject({ width: 32_767, height: 81 })
  })

  it('is turned over where the file says so', async () => {
    const given = pictureOf({ ...A3_AT_600, needsDecode: true })
    await boundedPictures.picture(given)
    expect(quartersOf(made[0]!).map(([red]) => red)).toMatchObject({ 0: 255, 2: 0, 3: 255 })
  })

  it('as a stencil is as opaque as it is painted, in both senses', async () => {
    for (const isInverse of [false, true]) {
      made = []
      const bits = quarterBits({ ...A3_AT_600, isInverse })
      await boundedPictures.stencil({ bits, ...A3_AT_600, isInverse })
      expect(quartersOf(made[0]!).map(([, alpha]) => alpha)).toMatchObject({ 0: 255, 2: 0, 3: 255 })
    }
  })

  it('that is small, or of another kind, is left to pdf.js', async () => {
    const small = pictureOf({ width: 2480, height: 3508 })
    expect(await boundedPictures.picture(small)).toBeNull()
    expect(
      await boundedPictures.stencil({ bits: new Uint8Array(9), width: 9, height: 9, isInverse: false }),
    ).toBeNull()
    for (const other of [{ bpc: 8 }, { colorSpace: { name: 'Indexed' } }, { mask: {} }, { smask: {} }])
      expect(await boundedPictures.picture(pictureOf({ width: 4961, height: 7016, ...other }))).toBeNull()
    expect(small.getImageBytes).not.toHaveBeenCalled()
  })
})

describe('what is too large for the phone', () => {
  it.each([
    ['A0 in colour', { width: 19_866, height: 28_087, bpc: 8, numComps: 3 }, 8],
    ['A4 at 600 dpi in CMYK on a phone of 4 GB', { width: 4960, height: 7016, bpc: 8, numComps: 4 }, 4],
    ['A3 in colour on a phone of 2 GB', { ...A3_AT_600, bpc: 8, numComps: 3 }, 2],
    ['a size that nobody scans', { width: 100_000, height: 100_000 }, 4],
  ])('is left out and marked, and is never unpacked: %s', async (_, part, deviceMemory) => {
    vi.stubGlobal('navigator', { deviceMemory })
    const given = pictureOf(part)
    expect(await boundedPictures.picture(given)).toMatchObject({ notShown: true, width: 1, height: 1 })
    expect(given.getImageBytes).not.toHaveBeenCalled()
  })

  it('A3 in colour at 600 dots an inch is still shown on a phone of 4 GB, or one that does not say', async () => {
    for (const memory of [{ deviceMemory: 4 }, {}]) {
      vi.stubGlobal('navigator', memory)
      expect(await boundedPictures.picture(pictureOf({ ...A3_AT_600, bpc: 8, numComps: 3 }))).toBeNull()
    }
  })

  it('a stencil too', async () => {
    expect(await boundedPictures.stencilTooLarge(400_000, 400_000)).toMatchObject({ notShown: true })
    expect(await boundedPictures.stencilTooLarge(19_866, 28_087)).toBeNull()
  })
})

describe('the worker of pdf.js', () => {
  const path = createRequire(import.meta.url).resolve('pdfjs-dist/legacy/build/pdf.worker.min.mjs')
  const code = readFileSync(path, 'utf8')

  it('asks at its three places before it unfolds a picture', () => {
    const asking = patchPdfWorker(code)
    expect(asking.match(/await globalThis\.boundedPictures\.\w+/g)).toHaveLength(3)
    for (const name of ['picture(this)', 'stencilTooLarge(', 'stencil({'])
      expect(asking).toContain(`globalThis.boundedPictures.${name}`)
  })

  it('of another version is not built', () => {
    expect(() => patchPdfWorker(code.replaceAll('createImageData', 'makeImageData'))).toThrow(
      'pdf.js is another',
    )
    expect(() => patchPdfWorker(code + code)).toThrow('found 2 times')
  })
})
