/** The cards that the import prints: what a camera reads on one is the way into the app with number and code filled in. */
import { decodeQR } from 'qr/decode.js'
import { expect, it } from 'vitest'
import { codeSheetHtml } from '../../../src/server/import/run/codes.ts'

const SCALE = 4
const cards = ['1001', '1010'].map((staffNo, at) => ({
  staffNo,
  name: `王宁<${at}>`,
  unitName: '窗口第一支部',
  code: `ABCD2EF9GH${at}${at}`,
  expiresAt: Date.parse('2026-12-08T00:00:00+08:00'),
}))

/** The dark fields of a picture whose path moves from one to the next. */
function darkFields(path: string): [x: number, y: number][] {
  let [x, y] = [0, 0]
  return [...path.matchAll(/([Mm])(-?\d+) ?(-?\d+)h1v1/gu)].map(([, kind, dx, dy]) => {
    x = kind === 'M' ? Number(dx) : x + Number(dx)
    y = kind === 'M' ? Number(dy) : y + Number(dy)
    return [x, y]
  })
}
function scan(svg: string): string {
  const modules = Number(/viewBox="0 0 (\d+)/u.exec(svg)![1])
  const size = modules * SCALE
  const data = new Uint8ClampedArray(size * size * 4).fill(255)
  for (const [x, y] of darkFields(/ d="([^"]+)"/u.exec(svg)![1]!))
    for (let at = 0; at < SCALE * SCALE; at++) {
      const pixel = (y * SCALE + Math.floor(at / SCALE)) * size + x * SCALE + (at % SCALE)
      data.fill(0, pixel * 4, pixel * 4 + 3)
    }
  return decodeQR({ width: size, height: size, data })
}

it('has a picture for each, read back as the link with number and code', () => {
  const html = codeSheetHtml(cards, 'https://hall.example/')
  const links = html.match(/<svg[\s\S]*?<\/svg>/gu)!.map(scan)
  expect(links).toEqual(
    cards.map(({ staffNo, code }) => `https://hall.example/activate#n=${staffNo}&c=${code}`),
  )
  expect(html).not.toContain('<0>')
})
it('has none where nobody has said under which address the app is reached', () => {
  const html = codeSheetHtml(cards, '')
  expect(html).not.toContain('<svg')
  expect(html).not.toContain('扫')
  expect(html).toContain('ABCD2EF9GH11')
})
