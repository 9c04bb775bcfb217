/** Photos as phones make them, put together part by part; the picture of one pixel stands for all. */
import { describe, expect, it } from 'vitest'
import { withoutPlace } from '../../src/shared/without-place.ts'

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 0xff,
  ...body,
]
const u16 = (n: number, isLittle: boolean) => (isLittle ? [n & 255, n >> 8] : [n >> 8, n & 255])
const u32 = (n: number, isLittle: boolean) => {
  const big = [(n >>> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255]
  return isLittle ? big.toReversed() : big
}
/** Two entries: how it is turned, and where the place stands; then the place. */
const exif = (orientation: number, isLittle = false) =>
  segment(0xe1, [
    ...bytesOf('Exif\0\0'),
    ...bytesOf(isLittle ? 'II' : 'MM'),
    ...u16(42, isLittle),
    ...u32(8, isLittle),
    ...u16(2, isLittle),
    ...u16(0x0112, isLittle),
    ...u16(3, isLittle),
    ...u32(1, isLittle),
    ...u16(orientation, isLittle),
    0,
    0,
    ...u16(0x8825, isLittle),
    ...u16(4, isLittle),
    ...u32(1, isLittle),
    ...u32(38, isLittle),
    ...u32(0, isLittle),
    ...bytesOf('N31 14 E121 29'),
  ])
const jfif = segment(0xe0, bytesOf('JFIF\0\x01\x02\0\0\x01\0\x01\0\0'))
const colours = segment(0xe2, bytesOf('ICC_PROFILE\0\x01\x01profile'))
const table = segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)])
/** Between two scans; holds what looks like an end. */
const between = segment(0xc4, [0xff, 0xd9, 1, 2])
const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 0x12, 0xff, 0x00, 0x34, 0xff, 0xd3, 0x56]
const END = [0xff, 0xd9]
const photo = (...parts: number[][]): ArrayBuffer =>
  Uint8Array.from([0xff, 0xd8, ...parts.flat(), ...table, ...scan, ...between, ...scan, ...END]).buffer
const told = (file: ArrayBuffer): string => Buffer.from(withoutPlace(file)).toString('latin1')

describe('a photo', () => {
  it.each([
    ['Exif', exif(1)],
    ['Exif of another byte order', exif(1, true)],
    ['XMP', segment(0xe1, bytesOf('http://ns.adobe.com/xap/1.0/\0<x>E121 29</x>'))],
    ['IPTC', segment(0xed, bytesOf('Photoshop 3.0\0E121 29'))],
    ['a comment', segment(0xfe, bytesOf('E121 29'))],
    ['further pictures', segment(0xe2, bytesOf('MPF\0E121 29'))],
  ])('keeps nothing of %s', (_name, part) => {
    expect(Buffer.from(photo(jfif, part, colours)).toString('latin1')).toContain('E121 29')
    const kept = withoutPlace(photo(jfif, part, colours))
    expect(Buffer.from(kept)).toEqual(Buffer.from(photo(jfif, colours)))
  })

  it.each([false, true])('stays turned as it was (little endian: %s)', (isLittle) => {
    const kept = photo(jfif, exif(6, isLittle))
    expect(told(kept)).not.toContain('E121 29')
    // Once more: what was written is read again, and nothing else is changed.
    expect(Buffer.from(withoutPlace(withoutPlace(kept)))).toEqual(Buffer.from(withoutPlace(kept)))
    expect(told(kept)).toContain('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06')
    expect(withoutPlace(kept).byteLength).toBe(photo(jfif).byteLength + 36)
  })

  it('keeps nothing of what was appended behind it', () => {
    const longer = Buffer.concat([Buffer.from(photo(jfif)), Buffer.from([0xff, 0xd8, ...exif(1), ...END])])
    expect(Buffer.from(withoutPlace(new Uint8Array(longer).buffer))).toEqual(Buffer.from(photo(jfif)))
  })

  it('without any of it is the very same file', () => {
    const file = photo(jfif, colours)
    expect(withoutPlace(file)).toBe(file)
  })
})

it('leaves alone what is no JPEG, and one whose parts cannot be read', () => {
  const whole = new Uint8Array(photo(jfif, exif(6)))
  for (const file of [
    new ArrayBuffer(0),
    new TextEncoder().encode('%PDF-1.7').buffer as ArrayBuffer,
    whole.slice(0, 30).buffer,
    Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, 1, 0, 0]).buffer,
  ])
    expect(withoutPlace(file)).toBe(file)
})

it('never fails, whatever the bytes are', () => {
  const whole = new Uint8Array(photo(jfif, exif(6), colours))
  for (let at = 0; at < whole.length; at++)
    for (const byte of [0, 1, 0x7f, 0xff]) {
      const hurt = whole.slice()
      hurt[at] = byte
      expect(withoutPlace(hurt.buffer).byteLength).toBeLessThanOrEqual(hurt.length + 36)
      withoutPlace(whole.slice(0, at).buffer)
    }
})
