/** What an object is drawn with: its own words first, then its drawing parameter and what that rests on, then the layer's. */
import type { Resources } from '../inside/resources.ts'
import { attribute, childOf } from '../../package/xml.ts'
import { numberIn, numbersIn } from '../inside/values.ts'
import { paintOf, type Paint } from './colours.ts'

const MOST_STEPS = 16
/** GB/T 33190 8.2: 0.353 mm, one point. */
const USUAL_WIDTH = 0.353

export interface Style {
  attribute(name: string): string | undefined
  /** null: not drawn with anything. */
  paint(name: 'FillColor' | 'StrokeColor', otherwise: string | null): Paint | null
}

function chainOf(id: string | undefined, resources: Resources): Element[] {
  const chain: Element[] = []
  for (let next = id; next !== undefined && chain.length < MOST_STEPS;) {
    const parameter = resources.drawParam(next)
    if (parameter === undefined) break
    chain.push(parameter)
    next = attribute(parameter, 'Relative')
  }
  return chain
}

export function styleOf(
  object: Element,
  layerParam: string | undefined,
  resources: Resources,
  context: CanvasRenderingContext2D,
  /** What is not drawn, in Chinese words. */
  note: (what: string) => void,
): Style {
  const chain = [
    object,
    ...chainOf(attribute(object, 'DrawParam'), resources),
    ...chainOf(layerParam, resources),
  ]
  return {
    attribute: (name) => chain.map((one) => attribute(one, name)).find((value) => value !== undefined),
    paint(name, otherwise) {
      const colour = chain.map((one) => childOf(one, name)).find((one) => one !== undefined)
      if (colour === undefined) return otherwise
      const paint = paintOf(colour, context)
      if (paint === null) note('底纹')
      return paint
    },
  }
}

const JOINS: Readonly<Record<string, CanvasLineJoin>> = { Miter: 'miter', Round: 'round', Bevel: 'bevel' }
const CAPS: Readonly<Record<string, CanvasLineCap>> = { Butt: 'butt', Round: 'round', Square: 'square' }

export function setLine(style: Style, context: CanvasRenderingContext2D): void {
  context.lineWidth = Math.max(0.01, numberIn(style.attribute('LineWidth')) ?? USUAL_WIDTH)
  context.lineJoin = JOINS[style.attribute('Join') ?? ''] ?? 'miter'
  context.lineCap = CAPS[style.attribute('Cap') ?? ''] ?? 'butt'
  context.miterLimit = numberIn(style.attribute('MiterLimit')) ?? 3.528
  context.setLineDash(numbersIn(style.attribute('DashPattern')).map((length) => Math.max(0, length)))
  context.lineDashOffset = numberIn(style.attribute('DashOffset')) ?? 0
}
