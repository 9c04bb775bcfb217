/** Numbers, boxes and matrices as an OFD writes them: in attributes and texts, by spaces or commas. */
export function numbersIn(text: string | undefined): number[] {
  return (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(Number)
    .filter(Number.isFinite)
}
export const numberIn = (text: string | undefined): number | undefined => numbersIn(text)[0]

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}
export function rectIn(text: string | undefined): Rect | undefined {
  const [x, y, width, height] = numbersIn(text)
  return x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height }
}

export type Matrix = [number, number, number, number, number, number]
export function matrixIn(text: string | undefined): Matrix | undefined {
  const all = numbersIn(text)
  return all.length === 6 ? (all as Matrix) : undefined
}
