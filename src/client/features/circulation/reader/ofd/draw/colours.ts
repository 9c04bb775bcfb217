/** Colours of an OFD as those of a canvas. A pattern is shown as nothing, a shading as its run of colours along a line. */
import { attribute, childOf, childrenOf } from '../../package/xml.ts'
import { numberIn, numbersIn } from '../inside/values.ts'

const component = (part: string): number =>
  part.startsWith('#') ? Number.parseInt(part.slice(1), 16) : Number(part)
const clamp = (value: number): number => Math.min(255, Math.max(0, Math.round(value || 0)))

export function cssOf(value: string | undefined, alpha: number | undefined): string | null {
  const parts = (value ?? '')
    .trim()
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(component)
  const opacity = Math.min(1, Math.max(0, (alpha ?? 255) / 255))
  const [a = 0, b = 0, c = 0, d = 0] = parts
  if (parts.length === 1) return `rgba(${clamp(a)},${clamp(a)},${clamp(a)},${opacity})`
  if (parts.length === 3) return `rgba(${clamp(a)},${clamp(b)},${clamp(c)},${opacity})`
  if (parts.length !== 4) return null
  const mixed = [a, b, c].map((ink) => clamp(255 * (1 - ink / 255) * (1 - d / 255)))
  return `rgba(${mixed.join(',')},${opacity})`
}

export type Paint = string | CanvasGradient

/** @param element FillColor or StrokeColor @returns null for one that is not drawn */
export function paintOf(element: Element, context: CanvasRenderingContext2D): Paint | null {
  const alpha = numberIn(attribute(element, 'Alpha'))
  const value = attribute(element, 'Value')
  if (value !== undefined) return cssOf(value, alpha)
  const axial = childOf(element, 'AxialShd')
  const radial = childOf(element, 'RadialShd')
  const shading = axial ?? radial
  if (shading === undefined) return childrenOf(element).length > 0 ? null : cssOf('0 0 0', alpha)
  const [x0 = 0, y0 = 0] = numbersIn(attribute(shading, 'StartPoint'))
  const [x1 = 0, y1 = 0] = numbersIn(attribute(shading, 'EndPoint'))
  const radius = (name: string): number => Math.max(0, numberIn(attribute(shading, name)) ?? 0)
  const gradient = axial
    ? context.createLinearGradient(x0, y0, x1, y1)
    : context.createRadialGradient(x0, y0, radius('StartRadius'), x1, y1, radius('EndRadius'))
  const segments = childrenOf(shading, 'Segment').concat(childrenOf(shading, 'Seg'))
  for (const [at, segment] of segments.entries()) {
    const colour = childOf(segment, 'Color')
    const css = cssOf(attribute(colour, 'Value'), numberIn(attribute(colour, 'Alpha')) ?? alpha)
    const place = numberIn(attribute(segment, 'Position')) ?? at / Math.max(1, segments.length - 1)
    if (css !== null) gradient.addColorStop(Math.min(1, Math.max(0, place)), css)
  }
  return gradient
}
