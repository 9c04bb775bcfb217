/**
 * A font out of a document as one that a browser takes, in which each glyph has a letter of its own: fonts of documents are cut to
 * what was used, and often have no letters left, or others than the text has.
 *
 * Guaranteed: only outlines, measures and hints come along; no program of layout, no name, no table that was not asked for.
 */
import { lettersOfFont, type GlyphOfCode } from './letters-of-font.ts'
import { readTables, viewOf, writeTables, type Tables } from './sfnt.ts'

export interface GlyphFont {
  file: Uint8Array<ArrayBuffer>
  /** How many it has, from 0, which is the one for what is missing. */
  glyphs: number
  glyphOf: GlyphOfCode
}

const KEPT = ['head', 'hhea', 'hmtx', 'maxp', 'glyf', 'loca', 'cvt ', 'fpgm', 'prep', 'CFF ']
const MEASURES = ['head', 'hhea', 'hmtx', 'maxp']
/** Letters that nobody else uses, enough for each glyph. */
const FIRST_LETTER = 0xf0000

export const letterOfGlyph = (glyph: number): string => String.fromCodePoint(FIRST_LETTER + glyph)

function table(
  size: number,
  words: Readonly<Record<number, number>>,
  longs: Readonly<Record<number, number>>,
) {
  const bytes = new Uint8Array(size)
  const view = viewOf(bytes)
  for (const [at, value] of Object.entries(words)) view.setUint16(Number(at), value)
  for (const [at, value] of Object.entries(longs)) view.setUint32(Number(at), value)
  return bytes
}

/** One group of format 12: from the first letter on, glyph by glyph. */
const lettersFor = (glyphs: number): Uint8Array =>
  table(
    40,
    { 2: 1, 4: 3, 6: 10, 12: 12 },
    { 8: 12, 16: 28, 24: 1, 28: FIRST_LETTER, 32: FIRST_LETTER + glyphs - 1 },
  )

/** What a browser asks for beside outlines: of no meaning here. */
const FORMAL: readonly (readonly [string, Uint8Array])[] = [
  ['OS/2', table(78, { 4: 400, 6: 5, 62: 0x40, 64: 0xffff, 66: 0xffff, 68: 800, 74: 1000, 76: 200 }, {})],
  ['name', table(6, { 4: 6 }, {})],
  ['post', table(32, {}, { 0: 0x00030000 })],
]

/** undefined for what cannot be made one. */
export function glyphFontOf(file: Uint8Array): GlyphFont | undefined {
  try {
    const tables = readTables(file)
    const hasOutlines = tables?.has('CFF ') === true || (tables?.has('glyf') === true && tables.has('loca'))
    if (tables === undefined || !hasOutlines || MEASURES.some((name) => !tables.has(name))) return undefined
    const glyphs = viewOf(tables.get('maxp')!).getUint16(4)
    if (glyphs === 0) return undefined
    const made: Tables = new Map([...tables].filter(([name]) => KEPT.includes(name)))
    made.set('cmap', lettersFor(glyphs))
    for (const [name, formal] of FORMAL) made.set(name, formal)
    return { file: writeTables(made), glyphs, glyphOf: lettersOfFont(tables.get('cmap')) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
