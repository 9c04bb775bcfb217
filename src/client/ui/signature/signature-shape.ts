/**
 * A handwritten signature as plain numbers: a box 1000 wide, its height in the same units, and strokes as flat lists
 * [x0, y0, x1, y1, ...] of whole numbers. Crisp at any size and nothing in it can run.
 *
 * Guaranteed: `shapeFromStrokes` gives a shape of at most `mostCharacters` of JSON, whatever was drawn (the finest
 * simplification that fits), keeps up to 150 strokes, dots included, and never leaves the box. `readSignature` accepts
 * only such a shape from outside.
 */
export interface SignatureShape {
  width: number
  height: number
  strokes: number[][]
}

export interface DrawnPoint {
  readonly x: number
  readonly y: number
}

export const boxWidth = 1000
export const mostCharacters = 6000
const finestTolerance = 1.5
const coarsestTolerance = 40
const mostStrokes = 150
/** More points than any hand makes; above it a drawing is thinned first, so that the work stays bounded. */
const mostPoints = 6000

const distanceToLine = (point: DrawnPoint, from: DrawnPoint, to: DrawnPoint): number => {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const lengthSquared = dx * dx + dy * dy
  if (lengthSquared === 0) return Math.hypot(point.x - from.x, point.y - from.y)
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / lengthSquared
  const held = Math.min(1, Math.max(0, along))
  return Math.hypot(point.x - from.x - held * dx, point.y - from.y - held * dy)
}

/** Ramer–Douglas–Peucker without recursion: a stroke of thousands of points must not exhaust the stack. */
export const simplify = (points: readonly DrawnPoint[], tolerance: number): DrawnPoint[] => {
  if (points.length <= 2) return [...points]
  const keep = new Set([0, points.length - 1])
  const spans: [number, number][] = [[0, points.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span
    let farthest = -1
    let farthestDistance = tolerance
    for (let index = first + 1; index < last; index += 1) {
      const distance = distanceToLine(points[index]!, points[first]!, points[last]!)
      if (distance > farthestDistance) {
        farthest = index
        farthestDistance = distance
      }
    }
    if (farthest < 0) continue
    keep.add(farthest)
    spans.push([first, farthest], [farthest, last])
  }
  return points.filter((_, index) => keep.has(index))
}

const flatten = (points: readonly DrawnPoint[], height: number): number[] => {
  const flat: number[] = []
  for (const { x, y } of points) {
    const roundX = Math.min(boxWidth, Math.max(0, Math.round(x)))
    const roundY = Math.min(height, Math.max(0, Math.round(y)))
    const isRepeat = flat.length > 0 && flat[flat.length - 2] === roundX && flat[flat.length - 1] === roundY
    if (!isRepeat) flat.push(roundX, roundY)
  }
  return flat
}

/** At most that many points of a stroke, evenly chosen, the two ends among them. */
const thin = (points: readonly DrawnPoint[], most: number): readonly DrawnPoint[] => {
  if (points.length <= most) return points
  const stride = (points.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => points[Math.round(index * stride)]!)
}

const lengthOf = (shape: SignatureShape): number => JSON.stringify(shape).length

/**
 * @param strokes points in pixels of the drawing box
 * @param boxWidthPx, boxHeightPx the drawing box
 * @returns null when nothing was drawn
 */
export const shapeFromStrokes = (
  strokes: readonly (readonly DrawnPoint[])[],
  boxWidthPx: number,
  boxHeightPx: number,
): SignatureShape | null => {
  const drawn = strokes.filter((stroke) => stroke.length > 0).slice(0, mostStrokes)
  if (drawn.length === 0 || boxWidthPx <= 0 || boxHeightPx <= 0) return null
  const scale = boxWidth / boxWidthPx
  const height = Math.round(boxHeightPx * scale)
  const mostPerStroke = Math.max(2, Math.floor(mostPoints / drawn.length))
  const scaled = drawn.map((stroke) =>
    thin(stroke, mostPerStroke).map(({ x, y }) => ({ x: x * scale, y: y * scale })),
  )
  const shapeOf = (lines: readonly (readonly DrawnPoint[])[]): SignatureShape => ({
    width: boxWidth,
    height,
    strokes: lines.map((line) => flatten(line, height)),
  })

  for (let tolerance = finestTolerance; tolerance <= coarsestTolerance; tolerance *= 1.5) {
    const finest = tolerance
    const shape = shapeOf(scaled.map((stroke) => simplify(stroke, finest)))
    if (lengthOf(shape) <= mostCharacters) return shape
  }
  // A scribble that no tolerance makes small: fewer points, evenly, until it fits. Two for each stroke always do.
  let most = mostPerStroke
  let shape = shapeOf(scaled)
  while (lengthOf(shape) > mostCharacters && most > 2) {
    const fewer = Math.max(2, Math.floor(most * 0.7))
    most = fewer
    shape = shapeOf(scaled.map((stroke) => thin(stroke, fewer)))
  }
  return shape
}

/** Shape to points in pixels of a box of that width, to draw it again. */
export const strokesFromShape = (shape: SignatureShape, boxWidthPx: number): DrawnPoint[][] => {
  const scale = boxWidthPx / shape.width
  return shape.strokes.map((stroke) => {
    const points: DrawnPoint[] = []
    for (let at = 0; at + 1 < stroke.length; at += 2)
      points.push({ x: stroke[at]! * scale, y: stroke[at + 1]! * scale })
    return points
  })
}

const isWithin = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= most

/** Any value to a shape, or null when it is not one. */
export const readSignature = (value: unknown): SignatureShape | null => {
  if (typeof value !== 'object' || value === null) return null
  const { width, height, strokes } = value as Record<string, unknown>
  if (!isWithin(width, 100_000) || !isWithin(height, 100_000) || width === 0 || height === 0) return null
  if (!Array.isArray(strokes)) return null
  const most = Math.max(width, height)
  const isStroke = (stroke: unknown): stroke is number[] =>
    Array.isArray(stroke) && stroke.length % 2 === 0 && stroke.every((number) => isWithin(number, most))
  return strokes.every(isStroke) ? { width, height, strokes } : null
}

/** How far from a point its corner is rounded, in units of the box: enough to look drawn, too little to alter a hand. */
const corner = 12

const towards = (x: number, y: number, toX: number, toY: number): string => {
  const length = Math.hypot(toX - x, toY - y)
  const share = length === 0 ? 0 : Math.min(corner / length, 0.5)
  return `${Math.round((x + (toX - x) * share) * 10) / 10} ${Math.round((y + (toY - y) * share) * 10) / 10}`
}

/** One stroke as the data of an SVG path: straight between its points, corners lightly rounded, a dot as a point. */
export const pathFromStroke = (stroke: readonly number[]): string => {
  const [x0, y0] = stroke
  if (x0 === undefined || y0 === undefined) return ''
  if (stroke.length === 2) return `M${x0} ${y0}h.01`
  let path = `M${x0} ${y0}`
  for (let at = 2; at + 3 < stroke.length; at += 2) {
    const [x, y] = [stroke[at]!, stroke[at + 1]!]
    const before = towards(x, y, stroke[at - 2]!, stroke[at - 1]!)
    const after = towards(x, y, stroke[at + 2]!, stroke[at + 3]!)
    path += `L${before}Q${x} ${y} ${after}`
  }
  return `${path}L${stroke[stroke.length - 2]} ${stroke[stroke.length - 1]}`
}

/** The part of the box that is written on, with a margin, as an SVG viewBox. */
export const writtenBox = (shape: SignatureShape, margin = 24): string => {
  let [left, top, right, bottom] = [shape.width, shape.height, 0, 0]
  for (const stroke of shape.strokes)
    for (let at = 0; at + 1 < stroke.length; at += 2) {
      left = Math.min(left, stroke[at]!)
      right = Math.max(right, stroke[at]!)
      top = Math.min(top, stroke[at + 1]!)
      bottom = Math.max(bottom, stroke[at + 1]!)
    }
  if (right < left) return `0 0 ${shape.width} ${shape.height}`
  return `${left - margin} ${top - margin} ${right - left + 2 * margin} ${bottom - top + 2 * margin}`
}
