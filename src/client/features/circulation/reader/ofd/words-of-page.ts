/** The text of a page with its places, for search and for whoever reads with the ears. In the order of the file. */
import type { Box, Words } from '../pages/paged-file.ts'
import type { OfdPage } from './inside/ofd-document.ts'
import { runsOf, type Run } from './draw/text-runs.ts'
import { allNamed, attribute } from '../package/xml.ts'
import { matrixIn, numberIn, rectIn, type Matrix } from './inside/values.ts'

const UNTURNED: Matrix = [1, 0, 0, 1, 0, 0]
/** Of a letter above its line, as a share of its size. */
const ABOVE = 0.88

function boxOf({ characters }: Run, object: Element, page: OfdPage): Box {
  const size = numberIn(attribute(object, 'Size')) ?? 0
  const [a, b, c, d, e, f] = matrixIn(attribute(object, 'CTM')) ?? UNTURNED
  const place = rectIn(attribute(object, 'Boundary')) ?? { x: 0, y: 0 }
  const points = characters.flatMap(({ x, y, text }) => {
    const wide = /[\u0020-\u024f]/.test(text) ? size / 2 : size
    return [
      [x, y - size * ABOVE],
      [x + wide, y + size * (1 - ABOVE)],
    ].map(([px, py]) => [a * px! + c * py! + e + place.x, b * px! + d * py! + f + place.y])
  })
  const xs = points.map(([x]) => x! - page.box.x)
  const ys = points.map(([, y]) => y! - page.box.y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    left: left / page.box.width,
    top: top / page.box.height,
    width: (Math.max(...xs) - left) / page.box.width,
    height: (Math.max(...ys) - top) / page.box.height,
  }
}

export function wordsOfPage(page: OfdPage): Words[] {
  const words: Words[] = []
  const objects = page.sheets.flatMap(({ layers }) =>
    layers.flatMap((layer) => allNamed(layer, 'TextObject')),
  )
  for (const object of objects) {
    for (const run of runsOf(object)) {
      if (run.characters.length === 0) continue
      const box = boxOf(run, object, page)
      const before = words.at(-1)
      // Beside the words before, not below them.
      if (before) before.endsLine = Math.abs(before.box.top - box.top) > box.height / 2
      words.push({ text: run.characters.map(({ text }) => text).join(''), endsLine: true, box })
    }
  }
  return words
}
