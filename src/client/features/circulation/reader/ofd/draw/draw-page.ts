/** A page of an OFD on a canvas: templates, layers, annotations, seals, from the ground up. */
import { clipBy, drawPath, drawPicture } from './draw-objects.ts'
import { styleOf } from './draw-style.ts'
import { drawText } from './draw-text.ts'
import type { OfdPage } from '../inside/ofd-document.ts'
import { decodePicture } from '../../package/pictures.ts'
import type { Resources } from '../inside/resources.ts'
import type { SealOnPage } from '../inside/seals.ts'
import { attribute, childOf, kindOf } from '../../package/xml.ts'
import { matrixIn, numberIn, rectIn } from '../inside/values.ts'

type Context = CanvasRenderingContext2D

const MOST_DEPTH = 12
const MOST_OBJECTS = 200_000
/** Of a page with more objects than a phone can draw. */
const REST = '其余内容'
/** The thumb comes first. */
const BREATHE_AFTER_MS = 30

interface Turn {
  context: Context
  isOver: () => boolean
  objects: number
  breathedAt: number
  /** What was not drawn, in Chinese words, and how often. */
  unshown: Map<string, number>
  /** For a seal that is an OFD of its own; undefined inside one. */
  openSeal: ((file: Uint8Array) => OfdPage) | undefined
}

export class DrawingCancelled extends Error {
  override name = 'RenderingCancelledException'
}

function note(turn: Turn, what: string): void {
  turn.unshown.set(what, (turn.unshown.get(what) ?? 0) + 1)
}

async function breathe(turn: Turn): Promise<void> {
  if (turn.isOver()) throw new DrawingCancelled()
  if (performance.now() - turn.breathedAt < BREATHE_AFTER_MS) return
  await new Promise((resolve) => setTimeout(resolve))
  turn.breathedAt = performance.now()
  if (turn.isOver()) throw new DrawingCancelled()
}

async function drawObject(
  object: Element,
  layerParam: string | undefined,
  resources: Resources,
  turn: Turn,
  depth: number,
): Promise<void> {
  const kind = kindOf(object)
  if (kind === 'PageBlock') return await drawAll(object, layerParam, resources, turn, depth + 1)
  if (!/^(?:Text|Path|Image|Composite)Object$/.test(kind) || attribute(object, 'Visible') === 'false') return
  const { context } = turn
  const { x, y } = rectIn(attribute(object, 'Boundary')) ?? { x: 0, y: 0 }
  const picture =
    kind === 'ImageObject' ? await resources.picture(attribute(object, 'ResourceID')) : undefined
  const font = attribute(object, 'Font')
  const own = kind === 'TextObject' ? await resources.ownFont(font) : undefined
  context.save()
  try {
    context.translate(x, y)
    const matrix = matrixIn(attribute(object, 'CTM'))
    if (matrix !== undefined) context.transform(...matrix)
    context.globalAlpha *= Math.min(1, Math.max(0, (numberIn(attribute(object, 'Alpha')) ?? 255) / 255))
    clipBy(object, context)
    const style = styleOf(object, layerParam, resources, context, (what) => note(turn, what))
    if (kind === 'TextObject') {
      if (!drawText(object, style, { face: resources.face(font), own }, context)) note(turn, '特殊字形')
    } else if (kind === 'PathObject') drawPath(object, style, context)
    else if (kind === 'ImageObject') {
      drawPicture(object, picture, context)
      if (picture === undefined) note(turn, '图片')
      else if (attribute(object, 'ImageMask') !== undefined) note(turn, '图片的透明部分')
    } else {
      const unit = resources.composite(attribute(object, 'ResourceID'))
      if (unit === undefined) note(turn, '图形')
      await drawAll(childOf(unit, 'Content'), layerParam, resources, turn, depth + 1)
    }
  } finally {
    context.restore()
    picture?.close()
  }
}

async function drawAll(
  holder: Element | undefined,
  layerParam: string | undefined,
  resources: Resources,
  turn: Turn,
  depth = 0,
): Promise<void> {
  if (holder === undefined) return
  if (depth > MOST_DEPTH) return note(turn, '图形')
  for (const object of holder.children) {
    await breathe(turn)
    if (++turn.objects > MOST_OBJECTS) return void turn.unshown.set(REST, 1)
    await drawObject(object, layerParam, resources, turn, depth)
  }
}

async function drawSeal({ boundary, clip, picture }: SealOnPage, turn: Turn): Promise<void> {
  const { context, openSeal } = turn
  if (picture === null) return note(turn, '印章')
  context.save()
  try {
    context.translate(boundary.x, boundary.y)
    if (clip !== undefined) {
      context.beginPath()
      context.rect(clip.x, clip.y, clip.width, clip.height)
      context.clip()
    }
    const bitmap = await decodePicture(picture)
    if (bitmap !== undefined) {
      context.drawImage(bitmap, 0, 0, boundary.width, boundary.height)
      bitmap.close()
    } else if (openSeal === undefined) note(turn, '印章')
    else {
      const page = openSeal(picture)
      context.scale(boundary.width / page.box.width, boundary.height / page.box.height)
      await drawSheets({ ...page, seals: [] }, { ...turn, openSeal: undefined })
    }
  } finally {
    context.restore()
  }
}

async function drawSheets(page: OfdPage, turn: Turn): Promise<void> {
  const { context } = turn
  context.translate(-page.box.x, -page.box.y)
  for (const { layers, resources } of page.sheets)
    for (const layer of layers) await drawAll(layer, attribute(layer, 'DrawParam'), resources, turn)
  for (const appearance of page.annotations) {
    const { x, y } = rectIn(attribute(appearance, 'Boundary')) ?? { x: 0, y: 0 }
    context.save()
    context.translate(x, y)
    await drawAll(appearance, undefined, page.resources, turn)
    context.restore()
  }
  for (const seal of page.seals) {
    try {
      await drawSeal(seal, turn)
    } catch (error) {
      // The page is read without its seal; the original has it.
      if (error instanceof DrawingCancelled) throw error
      note(turn, '印章')
    }
  }
}

/** @param scale pixels for each millimetre @returns what was not drawn, in Chinese words @throws DrawingCancelled */
export async function drawPage(
  page: OfdPage,
  canvas: HTMLCanvasElement,
  scale: number,
  isOver: () => boolean,
  openSeal: (file: Uint8Array) => OfdPage,
): Promise<string[]> {
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('no canvas to draw on')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  const unshown = new Map<string, number>()
  await drawSheets(page, { context, isOver, objects: 0, breathedAt: performance.now(), unshown, openSeal })
  return [
    ...page.missing,
    ...[...unshown].map(([what, count]) => (what === REST ? what : `${count} 处${what}`)),
  ]
}
