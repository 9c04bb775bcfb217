/**
 * Fonts that a document carries, given to the browser for as long as the document is open. Named by a family that no other has, so
 * that nothing else is ever set in them.
 */
import { glyphFontOf, type GlyphFont } from './glyph-font.ts'

export interface OwnFont extends Pick<GlyphFont, 'glyphs' | 'glyphOf'> {
  family: string
}

export interface OwnFonts {
  /** @param read the bytes, once for each path; undefined for a font that the browser does not take */
  get(path: string, read: () => Uint8Array | undefined): Promise<OwnFont | undefined>
  close(): void
}

/** Of one document: each costs the browser memory of its own. */
const MOST_FONTS = 100
let families = 0

export function createOwnFonts(): OwnFonts {
  const byPath = new Map<string, Promise<OwnFont | undefined>>()
  const faces: FontFace[] = []
  let isClosed = false
  async function load(read: () => Uint8Array | undefined): Promise<OwnFont | undefined> {
    try {
      const bytes = read()
      const font = bytes === undefined ? undefined : glyphFontOf(bytes)
      if (font === undefined || typeof FontFace === 'undefined') return undefined
      const family = `ofd-own-${++families}`
      const face = new FontFace(family, font.file)
      await face.load()
      if (isClosed) return undefined
      document.fonts.add(face)
      faces.push(face)
      return { family, glyphs: font.glyphs, glyphOf: font.glyphOf }
    } catch {
      // The phone's own fonts stand in, as without it.
      return undefined
    }
  }
  return {
    async get(path, read) {
      if (isClosed || (!byPath.has(path) && byPath.size >= MOST_FONTS)) return undefined
      const font = byPath.get(path) ?? load(read)
      byPath.set(path, font)
      return await font
    },
    close() {
      isClosed = true
      for (const face of faces) document.fonts.delete(face)
      byPath.clear()
    },
  }
}

/** For a seal, which is shown as a picture is. */
export const NO_FONTS: OwnFonts = { get: async () => undefined, close: () => undefined }
