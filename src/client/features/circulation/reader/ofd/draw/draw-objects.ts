/** The three kinds of objects on a page, each drawn in its own coordinates: millimetres from its boundary, under its matrix. */
import { setLine, type Style } from './draw-style.ts'
import type { Face } from './fonts.ts'
import { svgPathOf } from './path-data.ts'
import { runsOf, type Run } from './text-runs.ts'
import { attribute, childOf, childrenOf, textIn } from '../../package/xml.ts'
import { matrixIn, numberIn, rectIn } from '../inside/values.ts'

type Context = CanvasRenderingContext2D

/** Letters are drawn large and made small: browsers do not set type of four pixels well. */
const ENLARGED = 16

export const isOn = (text: string | undefined, otherwise: boolean): boolean =>
  text === undefined ? otherwise : text === 'true' || text === '1'

export function clipBy(object: Element, context: Context): void {
  for (const clip of childrenOf(childOf(object, 'Clips'), 'Clip')) {
    const whole = new Path2D()
    let isEmpty = true
    for (const area of childrenOf(clip, 'Area')) {
      const path = childOf(area, 'Path')
      const data = svgPathOf(textIn(childOf(path, 'AbbreviatedData')))
      if (data === '') continue
      const { x, y } = rectIn(attribute(path, 'Boundary')) ?? { x: 0, y: 0 }
      const place = new DOMMatrix(matrixIn(attribute(area, 'CTM')) ?? [1, 0, 0, 1, 0, 0])
        .translate(x, y)
        .multiply(new DOMMatrix(matrixIn(attribute(path, 'CTM')) ?? [1, 0, 0, 1, 0, 0]))
      whole.addPath(new Path2D(data), place)
      isEmpty = false
    }
    // A clip of a kind that is not understood would hide what has to be read.
    if (!isEmpty) context.clip(whole)
  }
}

export function drawPath(object: Element, style: Style, context: Context): void {
  const path = new Path2D(svgPathOf(textIn(childOf(object, 'AbbreviatedData'))))
  if (isOn(style.attribute('Fill'), false)) {
    const paint = style.paint('FillColor', null)
    const rule = style.attribute('Rule') === 'Even-Odd' ? 'evenodd' : 'nonzero'
    if (paint !== null) {
      context.fillStyle = paint
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas, not an array
      context.fill(path, rule)
    }
  }
  if (!isOn(style.attribute('Stroke'), true)) return
  const paint = style.paint('StrokeColor', '#000')
  if (paint === null) return
  context.strokeStyle = paint
  setLine(style, context)
  context.stroke(path)
}

type Put = (text: string, x: number, y: number, mostWidth?: number) => void

function putRun({ characters, isLoose }: Run, put: Put, turn: number, context: Context): void {
  const first = characters[0]
  if (first === undefined) return
  if (isLoose) return put(characters.map(({ text }) => text).join(''), first.x, first.y)
  for (const [at, { text, x, y }] of characters.entries()) {
    if (text.trim() === '') continue
    // The phone's font may be wider than the document's: a letter stays within its place.
    const next = characters[at + 1]
    const room = next !== undefined && next.y === y && next.x > x ? (next.x - x) * 1.08 : undefined
    if (turn === 0) {
      put(text, x, y, room)
      continue
    }
    context.save()
    context.translate(x * ENLARGED, y * ENLARGED)
    context.rotate((turn * Math.PI) / 180)
    put(text, 0, 0)
    context.restore()
  }
}

export function drawText(object: Element, style: Style, face: Face, context: Context): void {
  const size = numberIn(attribute(object, 'Size')) ?? 0
  if (size <= 0) return
  const isBold = face.isBold || (numberIn(attribute(object, 'Weight')) ?? 400) >= 600
  const isItalic = face.isItalic || isOn(attribute(object, 'Italic'), false)
  const wide = numberIn(attribute(object, 'HScale')) || 1
  context.font = `${isItalic ? 'italic ' : ''}${isBold ? 700 : 400} ${size * ENLARGED}px ${face.family}`
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
  const put: Put = (text, x, y, most) => {
    context.save()
    context.translate(x * ENLARGED, y * ENLARGED)
    context.scale(wide, 1)
    const room = most === undefined ? undefined : (most * ENLARGED) / wide
    if (fill !== null) context.fillText(text, 0, 0, room)
    if (stroke !== null) context.strokeText(text, 0, 0, room)
    context.restore()
  }
  const turn = numberIn(attribute(object, 'CharDirection')) ?? 0
  for (const run of runsOf(object)) putRun(run, put, turn, context)
}

/** Its matrix maps a square of one by one onto the page; without one it fills its boundary. */
export function drawPicture(object: Element, picture: ImageBitmap | undefined, context: Context): void {
  if (matrixIn(attribute(object, 'CTM')) === undefined) {
    const { width, height } = rectIn(attribute(object, 'Boundary')) ?? { width: 0, height: 0 }
    context.scale(width, height)
  }
  if (picture !== undefined) {
    context.drawImage(picture, 0, 0, 1, 1)
    return
  }
  context.fillStyle = '#e6e2da'
  context.fillRect(0, 0, 1, 1)
}
