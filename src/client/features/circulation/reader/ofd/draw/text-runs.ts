/**
 * Where each character of a text object stands: GB/T 33190 11.3. The distances to the next character may be written short,
 * `g n v` for n times v; where there are too few, the last one goes on.
 */
import { attribute, childOf, childrenOf, textIn } from '../../package/xml.ts'
import { numberIn } from '../inside/values.ts'

const MOST_REPEATS = 100_000
/** Blanks may be written so, which are otherwise lost in XML. */
const BLANKS = /\\(0020|3000|0009|00a0)/gi
/** Letters that only the font in the file knows: a phone has no picture for them. */
const OWN_LETTERS = /[\ue000-\uf8ff\ufffd\u{f0000}-\u{10fffd}]/u

export interface Character {
  text: string
  /** In the units of the object, before its matrix. */
  x: number
  y: number
}

export interface Run {
  characters: Character[]
  /** No distances are told: the font's own are used. */
  isLoose: boolean
}

export function distancesIn(text: string | undefined): number[] {
  const parts = (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .filter((part) => part !== '')
  const distances: number[] = []
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] !== 'g') {
      distances.push(Number(parts[at]) || 0)
      continue
    }
    const times = Math.min(MOST_REPEATS, Math.max(0, Math.trunc(Number(parts[at + 1]) || 0)))
    const value = Number(parts[at + 2]) || 0
    for (let n = 0; n < times && distances.length < MOST_REPEATS; n++) distances.push(value)
    at += 2
  }
  return distances
}

/** @param textObject with its TextCode children; one without X or Y goes on where the one before began */
export function runsOf(textObject: Element): Run[] {
  let [x, y] = [0, 0]
  return childrenOf(textObject, 'TextCode').map((code) => {
    x = numberIn(attribute(code, 'X')) ?? x
    y = numberIn(attribute(code, 'Y')) ?? y
    const alongX = distancesIn(attribute(code, 'DeltaX'))
    const alongY = distancesIn(attribute(code, 'DeltaY'))
    // Line ends and indents of the XML are none of the text.
    const text = (code.textContent ?? '').replace(/^\s*\n\s*|\s*\n\s*$/g, '')
    const all = [...text.replace(BLANKS, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))]
    let at = { x, y }
    const characters = all.map((text, n) => {
      if (n > 0) {
        at = {
          x: at.x + (alongX[n - 1] ?? alongX.at(-1) ?? 0),
          y: at.y + (alongY[n - 1] ?? alongY.at(-1) ?? 0),
        }
      }
      return { text, ...at }
    })
    return { characters, isLoose: alongX.length === 0 && alongY.length === 0 && all.length > 1 }
  })
}

export const isOwnLetter = (text: string): boolean => OWN_LETTERS.test(text)

/**
 * Glyphs of the font in the file, by the place of their letter in the object: GB/T 33190 11.4. Where letters and glyphs are not as
 * many, the first letter has all glyphs, and the rest none.
 */
export function namedGlyphs(textObject: Element): Map<number, number[]> {
  const named = new Map<number, number[]>()
  for (const change of childrenOf(textObject, 'CGTransform')) {
    const from = Math.max(0, Math.trunc(numberIn(attribute(change, 'CodePosition')) ?? 0))
    const count = Math.trunc(numberIn(attribute(change, 'CodeCount')) ?? 1)
    const glyphs = textIn(childOf(change, 'Glyphs'))
      .split(/[\s,]+/)
      .map(Number)
    if (count === glyphs.length) for (const [n, glyph] of glyphs.entries()) named.set(from + n, [glyph])
    else for (let n = 0; n < Math.min(count, MOST_REPEATS); n++) named.set(from + n, n === 0 ? glyphs : [])
  }
  return named
}

/** Glyphs of the font in the file that no letter stands for, or letters that are only there. */
export function hasOwnGlyphs(textObject: Element): boolean {
  const letters = childrenOf(textObject, 'TextCode').map((code) => code.textContent ?? '')
  if (letters.some(isOwnLetter)) return true
  const isNamed = childrenOf(textObject, 'CGTransform').length > 0
  return isNamed && letters.every((text) => text.trim() === '')
}
