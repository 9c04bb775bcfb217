/**
 * A text object in its own coordinates. A glyph of the font in the file where the document or that font names one; the phone's own
 * font for the rest.
 */
import { letterOfGlyph } from '../fonts/glyph-font.ts'
import type { OwnFont } from '../fonts/own-fonts.ts'
import { numberIn } from '../inside/values.ts'
import { attribute } from '../../package/xml.ts'
import { isOn } from './draw-objects.ts'
import { setLine, type Style } from './draw-style.ts'
import type { Face } from './fonts.ts'
import { hasOwnGlyphs, isOwnLetter, namedGlyphs, runsOf, type Character, type Run } from './text-runs.ts'

type Context = CanvasRenderingContext2D

/** Letters are drawn large and made small: browsers do not set type of four pixels well. */
const ENLARGED = 16

interface Sign extends Character {
  /** In the font of the file. */
  isOwn: boolean
}
interface Put {
  (sign: Pick<Sign, 'text' | 'isOwn'>, x: number, y: number, mostWidth?: number): void
}

function putRun(
  { signs, isLoose }: { signs: Sign[]; isLoose: boolean },
  put: Put,
  turn: number,
  context: Context,
) {
  const first = signs[0]
  if (first === undefined) return
  const isOwn = signs.every((sign) => sign.isOwn || sign.text.trim() === '')
  if (isLoose && (isOwn || signs.every((sign) => !sign.isOwn)))
    return put({ text: signs.map(({ text }) => text).join(''), isOwn }, first.x, first.y)
  for (const [at, sign] of signs.entries()) {
    const { text, x, y } = sign
    if (text.trim() === '') continue
    // The phone's font may be wider than the document's: a letter stays within its place.
    const next = signs[at + 1]
    const isNarrow = !sign.isOwn && next !== undefined && next.y === y && next.x > x
    const room = isNarrow ? (next.x - x) * 1.08 : undefined
    if (turn === 0) {
      put(sign, x, y, room)
      continue
    }
    context.save()
    context.translate(x * ENLARGED, y * ENLARGED)
    context.rotate((turn * Math.PI) / 180)
    put(sign, 0, 0)
    context.restore()
  }
}

/** @returns of each run its signs, and whether one of them is missing */
function signsOf(object: Element, runs: readonly Run[], own: OwnFont | undefined) {
  if (own === undefined) {
    const plain = runs.map((run) => run.characters.map((character) => ({ ...character, isOwn: false })))
    return { all: plain, isMissing: hasOwnGlyphs(object) }
  }
  const named = namedGlyphs(object)
  const has = (glyph: number): boolean => glyph > 0 && glyph < own.glyphs
  let at = 0
  let isMissing = false
  /** Of the glyphs that were named last: letters may follow that are in them. */
  let isGroupOwn = false
  const sign = (character: Character): Sign => {
    const { text } = character
    const given = named.get(at++)
    const glyphs = given ?? [own.glyphOf(text.codePointAt(0) ?? 0)]
    const isOwn = glyphs.length === 0 ? isGroupOwn : glyphs.every(has)
    isGroupOwn = isOwn
    if (isOwn) return { ...character, text: glyphs.map(letterOfGlyph).join(''), isOwn }
    // Of a blank some writers name the glyph that stands for none.
    const isBlank = text.trim() === '' && glyphs.every((glyph) => glyph === 0)
    isMissing ||= (given !== undefined && !isBlank) || isOwnLetter(text)
    return { ...character, isOwn }
  }
  const all = runs.map((run) => run.characters.map(sign))
  return { all, isMissing }
}

/** @returns whether all of it was drawn */
export function drawText(
  object: Element,
  style: Style,
  { face, own }: { face: Face; own: OwnFont | undefined },
  context: Context,
): boolean {
  const runs = runsOf(object)
  const signs = signsOf(object, runs, own)
  const size = numberIn(attribute(object, 'Size')) ?? 0
  if (size <= 0) return !signs.isMissing
  const isHeavy = (numberIn(attribute(object, 'Weight')) ?? 400) >= 600
  const isSlanted = isOn(attribute(object, 'Italic'), false)
  const fontOf = (isItalic: boolean, isBold: boolean, family: string): string =>
    `${isItalic ? 'italic ' : ''}${isBold ? 700 : 400} ${size * ENLARGED}px ${family}`
  const usual = fontOf(face.isItalic || isSlanted, face.isBold || isHeavy, face.family)
  // It is as bold as it is; only what the text asks for comes on top.
  const ofFile = own && fontOf(isSlanted && !face.isItalic, isHeavy && !face.isBold, own.family)
  const wide = numberIn(attribute(object, 'HScale')) || 1
  context.font = usual
  context.textBaseline = 'alphabetic'
  context.scale(1 / ENLARGED, 1 / ENLARGED)
  const fill = isOn(style.attribute('Fill'), true) ? style.paint('FillColor', '#000') : null
  const stroke = isOn(style.attribute('Stroke'), false) ? style.paint('StrokeColor', '#000') : null
  if (fill !== null) context.fillStyle = fill
  if (stroke !== null) {
    context.strokeStyle = stroke
    setLine(style, context)
    context.lineWidth *= ENLARGED
  }
  const put: Put = ({ text, isOwn }, x, y, most) => {
    context.save()
    if (isOwn && ofFile !== undefined) context.font = ofFile
    context.translate(x * ENLARGED, y * ENLARGED)
    context.scale(wide, 1)
    const room = most === undefined ? undefined : (most * ENLARGED) / wide
    if (fill !== null) context.fillText(text, 0, 0, room)
    if (stroke !== null) context.strokeText(text, 0, 0, room)
    context.restore()
  }
  const turn = numberIn(attribute(object, 'CharDirection')) ?? 0
  for (const [at, run] of runs.entries())
    putRun({ signs: signs.all[at]!, isLoose: run.isLoose }, put, turn, context)
  return !signs.isMissing
}
