/** Which glyph a font has for a letter: its cmap, in the formats that fonts of documents use (0, 4, 6, 12). */
import { viewOf } from './sfnt.ts'

/** @param code of a letter @returns its glyph; 0 for none */
export type GlyphOfCode = (code: number) => number

const NONE: GlyphOfCode = () => 0
/** Fonts of signs keep their letters here. */
const SIGNS = 0xf000

function byRanges(view: DataView): GlyphOfCode {
  const half = view.getUint16(6)
  return (code) => {
    for (let at = 0; at < half; at += 2) {
      if (code > view.getUint16(14 + at)) continue
      const first = view.getUint16(16 + half + at)
      if (code < first) return 0
      const delta = view.getUint16(16 + 2 * half + at)
      const place = 16 + 3 * half + at
      const offset = view.getUint16(place)
      if (offset === 0) return (code + delta) & 0xffff
      const glyph = view.getUint16(place + offset + 2 * (code - first))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}

function byGroups(view: DataView): GlyphOfCode {
  const count = view.getUint32(12)
  return (code) => {
    for (let n = 0, at = 16; n < count; n++, at += 12)
      if (code >= view.getUint32(at) && code <= view.getUint32(at + 4))
        return view.getUint32(at + 8) + code - view.getUint32(at)
    return 0
  }
}

function glyphsOf(view: DataView): GlyphOfCode {
  const format = view.getUint16(0)
  if (format === 0) return (code) => (code < 256 ? view.getUint8(6 + code) : 0)
  if (format === 4) return byRanges(view)
  if (format === 12) return byGroups(view)
  if (format !== 6) return NONE
  const [first, count] = [view.getUint16(6), view.getUint16(8)]
  return (code) => (code >= first && code < first + count ? view.getUint16(10 + 2 * (code - first)) : 0)
}

/** The one that knows most comes first. */
const ORDER = ['3 10', '0 6', '0 4', '3 1', '0 3', '0 2', '0 1', '0 0', '3 0', '1 0']

/** A table that breaks off knows no letter. */
export function lettersOfFont(cmap: Uint8Array | undefined): GlyphOfCode {
  if (cmap === undefined) return NONE
  const safely =
    (find: () => GlyphOfCode): GlyphOfCode =>
    (code) => {
      try {
        return find()(code)
      } catch (error) {
        if (error instanceof RangeError) return 0
        throw error
      }
    }
  return safely(() => {
    const view = viewOf(cmap)
    const places = Array.from({ length: Math.min(50, view.getUint16(2)) }, (_, n) => ({
      kind: `${view.getUint16(4 + 8 * n)} ${view.getUint16(6 + 8 * n)}`,
      at: view.getUint32(8 + 8 * n),
    }))
    const kind = ORDER.find((one) => places.some((place) => place.kind === one))
    const place = places.find((one) => one.kind === kind)
    if (place === undefined) return NONE
    const glyphs = glyphsOf(viewOf(cmap.subarray(place.at)))
    return kind === '3 0' ? (code) => glyphs(code) || glyphs(SIGNS + code) : glyphs
  })
}
