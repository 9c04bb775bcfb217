/**
 * Guaranteed: a formula, which the converter drops without a word, is said where it stands; a sentence that lost it would read as a
 * whole one. Costs one pass, whatever the file holds.
 */
import { xmlText } from '../file/xml-text.ts'

const PARTS = ['word/document.xml', 'word/footnotes.xml', 'word/endnotes.xml']
const TAG = /<(\/?)(?:[\w.-]+:)?(?:oMathPara|oMath)(?:\s[^<>]*)?>/g
const WORDS = '（公式，见原件）'

/** @param part the XML of one part @returns the same with a run of text for each formula; what is not closed stays as it is */
function inWords(part: string): string {
  const prefix = /<((?:[\w.-]+:)?)(?:document|footnotes|endnotes)[\s>]/.exec(part.slice(0, 4000))?.[1] ?? 'w:'
  const run = `<${prefix}r><${prefix}t>${WORDS}</${prefix}t></${prefix}r>`
  const pieces: string[] = []
  let [copied, depth, from] = [0, 0, 0]
  for (const { 0: tag, 1: slash, index } of part.matchAll(TAG)) {
    if (tag.endsWith('/>')) continue
    if (slash === '' && depth++ === 0) from = index
    if (slash !== '/' || depth === 0 || --depth > 0) continue
    pieces.push(part.slice(copied, from), run)
    copied = index + tag.length
  }
  return pieces.join('') + part.slice(copied)
}

/** @param files of an unpacked Word file; not changed */
export function withFormulasSaid(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const said = new Map(files)
  for (const name of PARTS) {
    const part = xmlText(files.get(name))
    if (!part.includes('oMath')) continue
    const plain = part.replace(/^\uFEFF?<\?xml[^>]*\?>/, '<?xml version="1.0" encoding="UTF-8"?>')
    said.set(name, new TextEncoder().encode(inWords(plain)))
  }
  return said
}
