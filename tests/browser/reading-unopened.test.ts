/** In a real browser: what a phone shows, and does not show, of files that nobody opened, and the fonts that an OFD carries. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MIME_OF_KIND } from '../../src/shared/circulation/intake/file-facts.ts'
import { docxOf, ofdOf, pngOf } from '../support/files/make-files.ts'
import { allDelivered } from './support/acts.ts'
import { openBrowser, signIn, workerReady, type PhoneBrowser } from './support/browser.ts'
import { circulate } from './support/circulate.ts'
import { serveHall, type ServedHall } from './support/served-hall.ts'

const WORD_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
let hall: ServedHall
let member: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  member = await openBrowser()
  await signIn(member.page, hall.url, '1003')
  await workerReady(member.page)
  await allDelivered(member.page)
})
afterAll(async () => {
  await member?.close()
  await hall?.close()
})

it('knows before the signature, offline, what it cannot show of a Word file and of a picture that nobody opened', async () => {
  const { page } = member
  const drawing = '<w:p><w:r><w:t>正文</w:t></w:r></w:p><w:p><w:r><w:object/></w:r></w:p>'
  const word = await circulate(hall, {
    name: '有图形的通知（示例）.docx',
    mime: MIME_OF_KIND.docx,
    pages: 1,
    bytes: docxOf('', {
      'word/document.xml': `<w:document ${WORD_NAMES}><w:body>${drawing}</w:body></w:document>`,
    }),
    reading: new TextEncoder().encode('正文'),
  })
  // Whole in outline, and nothing in it that a browser could decode.
  const broken = pngOf(64, 64)
  broken.fill(0x55, 60, broken.length - 40)
  const picture = await circulate(hall, {
    name: '坏图（示例）.png',
    mime: 'image/png',
    pages: 1,
    bytes: broken,
  })
  await page.goto(`${hall.url}/circulation`)
  for (const title of ['有图形的通知（示例）', '坏图（示例）'])
    await page.getByRole('link', { name: title }).getByText('离线可用').waitFor()
  await member.context.setOffline(true)
  await page.goto(`${hall.url}/circulation/${word}/sign`)
  await page.getByText('正文：原件版式里 1 处图形或图片').waitFor()
  await page.goto(`${hall.url}/circulation/${word}`)
  await page.getByText('没有在本机显示的：原件版式里 1 处图形或图片。签字前请看原件').waitFor()
  await page.goto(`${hall.url}/circulation/${picture}/sign`)
  await page.getByText('正文：整张图片').waitFor()
  await member.context.setOffline(false)
})

/** A line of letters that the font in the file has, and one whose letters are others than the glyphs that it names. */
function ofdWithFont(): Uint8Array {
  const line = (y: number, letters: string, named = ''): string =>
    `<ofd:TextObject ID="${y}" Font="2" Size="20" Boundary="20 ${y} 100 40">${named}<ofd:TextCode X="0" Y="20" DeltaX="30">${letters}</ofd:TextCode></ofd:TextObject>`
  const named =
    '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>36 37</ofd:Glyphs></ofd:CGTransform>'
  const content = `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="3">${line(20, 'AB')}${line(60, '丙丁', named)}${line(100, 'CD')}</ofd:Layer></ofd:Content></ofd:Page>`
  return ofdOf(
    [],
    {},
    {
      'Doc_0/Pages/Page_0/Content.xml': content,
      'Doc_0/Res/font.ttf': readFileSync('node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf'),
    },
  )
}

it('draws the glyphs of a font that the OFD carries, whatever its letters say', async () => {
  const { page } = member
  const id = await circulate(hall, {
    name: '带字体（示例）.ofd',
    mime: 'application/ofd',
    pages: 1,
    bytes: ofdWithFont(),
  })
  await page.goto(`${hall.url}/circulation/${id}`)
  await page.getByText('正在显示第 1 页').waitFor({ state: 'detached' })
  await page
    .getByRole('group', { name: '第 1 页', exact: true })
    .locator('canvas')
    .waitFor({ state: 'attached' })
  const [ab, named, cd] = await page
    .getByRole('group', { name: '第 1 页', exact: true })
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const whole = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      const dark = (x: number, y: number): boolean => whole.data[(y * canvas.width + x) * 4]! < 128
      const perMm = canvas.width / 210
      // Sixty spots across the line, forty down it.
      return [20, 60, 100].map((top) =>
        Array.from({ length: 2400 }, (_, n) => {
          const [x, y] = [20 + (n % 60), top + Math.floor(n / 60) * 0.7]
          return dark(Math.round(x * perMm), Math.round(y * perMm)) ? '#' : '.'
        }).join(''),
      )
    })
  const differing = (a: string, b: string): number => [...a].filter((spot, n) => spot !== b[n]).length
  expect([...ab!].filter((spot) => spot === '#').length).toBeGreaterThan(60)
  // The lines do not begin on the same part of a pixel.
  expect(differing(ab!, cd!)).toBeGreaterThan(3 * differing(ab!, named!))
  expect(await page.locator('.unshown').count()).toBe(0)
})

it('says nothing in the console', () => expect(member.troubles).toEqual([]))
