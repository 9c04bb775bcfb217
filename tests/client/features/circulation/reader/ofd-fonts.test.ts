// @vitest-environment happy-dom
/** Fonts that an OFD carries: a page shows the glyphs that the document names, or says that it does not. */
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  glyphFontOf,
  letterOfGlyph,
} from '../../../../../src/client/features/circulation/reader/ofd/fonts/glyph-font.ts'
import { lettersOfFont } from '../../../../../src/client/features/circulation/reader/ofd/fonts/letters-of-font.ts'
import { readTables } from '../../../../../src/client/features/circulation/reader/ofd/fonts/sfnt.ts'
import { openOfd } from '../../../../../src/client/features/circulation/reader/ofd/open-ofd.ts'
import { ofdOf } from '../../../../support/files/make-files.ts'
import { recordCanvas } from './recorded-canvas.ts'

const FONT = new Uint8Array(readFileSync('node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf'))
const [GLYPH_A, GLYPH_B] = [36, 37]

let calls: string[]
let given: { family: string; bytes: number }[]
let faces: Set<unknown>
let isTaken: boolean

beforeEach(() => {
  calls = recordCanvas()
  given = []
  faces = new Set()
  isTaken = true
  vi.stubGlobal(
    'FontFace',
    class {
      constructor(family: string, bytes: Uint8Array) {
        given.push({ family, bytes: bytes.length })
      }
      async load() {
        if (!isTaken) throw new Error('not a font')
      }
    },
  )
  Object.defineProperty(document, 'fonts', { value: faces, configurable: true })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

interface Text {
  letters: string
  /** Elements before the letters. */
  named?: string
  deltas?: string
}
const named = (glyphs: string, more = '') =>
  `<ofd:CGTransform CodePosition="0" ${more}><ofd:Glyphs>${glyphs}</ofd:Glyphs></ofd:CGTransform>`
async function draw({ letters, named: before = '', deltas = 'DeltaX="5"' }: Text, font = FONT) {
  const content = `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="3"><ofd:TextObject ID="5" Font="2" Size="4" Boundary="0 0 50 10">${before}<ofd:TextCode X="0" Y="5" ${deltas}>${letters}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>`
  const bytes = ofdOf([], {}, { 'Doc_0/Pages/Page_0/Content.xml': content, 'Doc_0/Res/font.ttf': font })
  const file = await openOfd({ whole: async () => new Blob([new Uint8Array(bytes)]) })
  const missing = await (await file.page(1)).draw(document.createElement('canvas'), 1).promise
  const texts = calls
    .filter((call) => call.startsWith('fillText('))
    .map((call) => call.slice(9).split(' ')[0])
  return { file, missing, texts }
}

it('gives each glyph a letter of its own, and takes nothing but outlines, measures and hints along', () => {
  const font = glyphFontOf(FONT)!
  expect(font.glyphOf('A'.charCodeAt(0))).toBe(GLYPH_A)
  expect(font.glyphOf('中'.charCodeAt(0))).toBe(0)
  const tables = readTables(font.file)!
  expect([...tables.keys()].sort()).toEqual(
    [
      'OS/2',
      'cmap',
      'cvt ',
      'fpgm',
      'glyf',
      'head',
      'hhea',
      'hmtx',
      'loca',
      'maxp',
      'name',
      'post',
      'prep',
    ].sort(),
  )
  const letters = lettersOfFont(tables.get('cmap'))
  for (const glyph of [1, GLYPH_A, font.glyphs - 1])
    expect(letters(letterOfGlyph(glyph).codePointAt(0)!)).toBe(glyph)
  expect(letters('A'.charCodeAt(0))).toBe(0)
})

it('a font that breaks off anywhere, or is none, is left aside', () => {
  const [head] = [FONT.subarray(0, 400)]
  for (let at = 0; at < head.length; at++) expect(glyphFontOf(head.slice(0, at))).toBeUndefined()
  expect(glyphFontOf(FONT.slice(0, FONT.length / 2))).toBeUndefined()
  expect(glyphFontOf(new Uint8Array(400).fill(0xff))).toBeUndefined()
  const cmap = readTables(FONT)!.get('cmap')!
  for (let at = 0; at < 300; at++) expect(() => lettersOfFont(cmap.slice(0, at))(0x41)).not.toThrow()
})

it('draws the glyphs that are named, whatever the letters say', async () => {
  const { missing, texts, file } = await draw({
    letters: '丙丁',
    named: named(`${GLYPH_A} ${GLYPH_B}`, 'CodeCount="2" GlyphCount="2"'),
  })
  expect(texts).toEqual([letterOfGlyph(GLYPH_A), letterOfGlyph(GLYPH_B)])
  expect(missing).toEqual([])
  expect(given).toHaveLength(1)
  expect(calls.some((call) => call.startsWith('font=') && call.endsWith(given[0]!.family))).toBe(true)
  expect(faces.size).toBe(1)
  await file.close()
  expect(faces.size).toBe(0)
})

it.each([
  ['glyphs without letters', { letters: ' ', named: named(`${GLYPH_A}`) }, [letterOfGlyph(GLYPH_A)]],
  ['letters that only the font knows', { letters: 'AB' }, [letterOfGlyph(GLYPH_A), letterOfGlyph(GLYPH_B)]],
  [
    'two letters in one glyph',
    { letters: '甲乙A', named: named(`${GLYPH_B}`, 'CodeCount="2" GlyphCount="1"') },
    [letterOfGlyph(GLYPH_B), letterOfGlyph(GLYPH_A)],
  ],
  ['letters that the font does not have', { letters: '甲A' }, ['甲', letterOfGlyph(GLYPH_A)]],
  ['a blank named as nothing', { letters: ' A', named: named('0') }, [letterOfGlyph(GLYPH_A)]],
  [
    'a line of the font’s own distances',
    { letters: 'AB', deltas: '' },
    [letterOfGlyph(GLYPH_A) + letterOfGlyph(GLYPH_B)],
  ],
] as const)('%s', async (_what, text, expected) => {
  const { missing, texts } = await draw(text)
  expect(texts).toEqual(expected)
  expect(missing).toEqual([])
})

it.each([
  ['a glyph that the font does not have', { letters: '甲', named: named('65000') }, true],
  [
    'two letters in a glyph that it does not have',
    { letters: '甲乙', named: named('65000', 'CodeCount="2"') },
    true,
  ],
  ['a sign that it does not have', { letters: '\ue123' }, true],
  ['glyphs without letters of a font that the browser refuses', { letters: ' ', named: named('5') }, false],
  ['signs of a font that the browser refuses', { letters: '\uf052' }, false],
] as const)('%s is said', async (_what, text, takes) => {
  isTaken = takes
  const { missing, texts } = await draw(text)
  expect(missing).toEqual(['1 处特殊字形'])
  expect(texts.join('')).toBe(text.letters.trim())
})

it('a font that the browser refuses leaves the letters to the phone', async () => {
  isTaken = false
  const { missing, texts } = await draw({ letters: '甲', named: named('5') })
  expect([missing, texts]).toEqual([[], ['甲']])
})
