/** Lines, areas and pictures on a page, each drawn in its own coordinates: millimetres from its boundary, under its matrix. */
import { setLine, type Style } from './draw-style.ts'
import { svgPathOf } from './path-data.ts'
import { attribute, childOf, childrenOf, textIn } from '../../package/xml.ts'
import { matrixIn, rectIn } from '../inside/values.ts'

type Context = CanvasRenderingContext2D

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
