// @vitest-environment happy-dom
/**
 * OFD files in the ways of other writers (WPS, 福昕, 数科, printers of OFD, converters from PDF): shown as they are meant, or the part is
 * named that is not shown.
 */
import { strFromU8, strToU8, unzipSync, Zip, ZipDeflate, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOfd } from '../../../../../src/client/features/circulation/reader/ofd/open-ofd.ts'
import { textOf } from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'
import { readOfdFacts } from '../../../../../src/server/import/file/ofd-facts.ts'
import { makeOfd, pngOf } from '../../../../support/ofd-file.ts'
import { recordCanvas } from './recorded-canvas.ts'

const PAGES = [['各支部：', '关于延时服务的示例'], ['第二页']]
const [DOCUMENT, RESOURCES, PICTURE] = [
  'Doc_0/Document.xml',
  'Doc_0/DocumentRes.xml',
  'Doc_0/Res/image_5.png',
]
const JB2 = new Uint8Array([0x97, 0x4a, 0x42, 0x32, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(40)])

let calls: string[]
beforeEach(() => (calls = recordCanvas()))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const open = (bytes: Uint8Array) =>
  openOfd({ whole: async () => new Blob([bytes as Uint8Array<ArrayBuffer>]) })

/** What is drawn of a page, what is not, and what is read aloud. */
async function shown(bytes: Uint8Array, number = 1) {
  const page = await (await open(bytes)).page(number)
  const missing = await page.draw(document.createElement('canvas'), 2).promise
  return {
    missing,
    text: textOf(await page.words()),
    letters: calls.filter((one) => one.startsWith('fillText')),
  }
}

/** The file with one part written in another way. */
function rewritten(
  path: string,
  change: (xml: string) => string,
  bytes = makeOfd({ pages: PAGES }),
): Uint8Array {
  const parts = unzipSync(bytes)
  const before = strFromU8(parts[path]!)
  const after = change(before)
  expect(after).not.toBe(before)
  return zipSync({ ...parts, [path]: strToU8(after) })
}

function renamed(bytes: Uint8Array, name: (path: string) => string): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, part]) => [name(path), part])),
  )
}

describe('is shown whole', () => {
  const everything = async (bytes: Uint8Array) => {
    const { missing, text } = await shown(bytes)
    expect(text).toContain('示例文件，不是公文')
    expect(text).toContain('关于延时服务的示例')
    expect(calls).toContain('drawImage(picture of image/png 0 0 1 1)')
    expect(calls).toContain('drawImage(picture of image/png 0 0 40 40)')
    expect(missing).toEqual([])
  }

  it('as it is made here', () => everything(makeOfd({ pages: PAGES })))

  it.each([
    ['from the root, with a stroke', (place: string) => `/Doc_0/${place}`],
    ['from the root, without one', (place: string) => `Doc_0/${place}`],
    ['with strokes of a desktop', (place: string) => place.replaceAll('/', '\\')],
    ['from here, said so', (place: string) => `./${place}`],
  ])('with all places named %s', (_, named) =>
    everything(
      rewritten(DOCUMENT, (xml) =>
        xml
          .replace(/BaseLoc="([^"]*)"/g, (_all, place: string) => `BaseLoc="${named(place)}"`)
          .replace(
            /(<ofd:(?:PublicRes|DocumentRes|Annotations)>)([^<]*)/g,
            (_all, tag: string, place: string) => tag + named(place),
          ),
      ),
    ),
  )

  it.each([
    '/Doc_0/Res/image_5.png',
    'Doc_0/Res/image_5.png',
    'Res/image_5.png',
    './image_5.png',
    'IMAGE_5.PNG',
  ])('with its picture named %s', (place) =>
    everything(rewritten(RESOURCES, (xml) => xml.replace('image_5.png', place))),
  )

  it('with resources that say no folder', () =>
    everything(
      rewritten(RESOURCES, (xml) =>
        xml.replace(' BaseLoc="Res"', '').replace('image_5.png', 'Res/image_5.png'),
      ),
    ))

  it('packed with other letters in the names of its parts', () =>
    everything(
      renamed(makeOfd({ pages: PAGES }), (path) => path.replace('Page_0/Content', 'page_0/content')),
    ))

  it('packed on a desktop, with strokes of its own', () =>
    everything(renamed(makeOfd({ pages: PAGES }), (path) => path.replaceAll('/', '\\'))))

  it('packed as a stream, whose sizes come after each part', () => {
    const pieces: Uint8Array[] = []
    const zip = new Zip((_, piece) => void pieces.push(piece))
    for (const [path, part] of Object.entries(unzipSync(makeOfd({ pages: PAGES })))) {
      const entry = new ZipDeflate(path)
      zip.add(entry)
      entry.push(part, true)
    }
    zip.end()
    const bytes = new Uint8Array(pieces.flatMap((piece) => [...piece]))
    // The sizes before the first part are not known yet: bit 3.
    expect(bytes[6]! & 8).toBe(8)
    return everything(bytes)
  })

  it('with a Chinese name of a picture as desktops wrote it before UTF-8', () => {
    const parts = unzipSync(rewritten(RESOURCES, (xml) => xml.replace('image_5.png', '图片.png')))
    const { [PICTURE]: picture, ...rest } = parts
    const bytes = zipSync({ ...rest, 'Doc_0/Res/QQQQ.png': picture! })
    const gbk = [0xcd, 0xbc, 0xc6, 0xac]
    for (let at = 0; at < bytes.length - 4; at++)
      if (bytes.subarray(at, at + 4).every((byte) => byte === 0x51)) bytes.set(gbk, at)
    return everything(bytes)
  })

  it('under the name that the standard had at first, and without a prefix', () =>
    everything(
      rewritten('Doc_0/Pages/Page_0/Content.xml', (xml) =>
        xml
          .replaceAll('ofd:', '')
          .replace('xmlns:ofd', 'xmlns')
          .replaceAll('ofdspec.org/2016', 'ofdspec.org'),
      ),
    ))

  it('of two documents in one file, all pages of both', async () => {
    const second = Object.fromEntries(
      Object.entries(unzipSync(makeOfd({ pages: [['另一份']] }))).map(([path, part]) => [
        path.replace('Doc_0', 'Doc_1'),
        part,
      ]),
    )
    const both = zipSync({
      ...second,
      ...unzipSync(
        rewritten('OFD.xml', (xml) =>
          xml.replace(
            '</ofd:OFD>',
            '<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
          ),
        ),
      ),
    })
    expect((await open(both)).pages).toBe(3)
    expect((await shown(both, 3)).text).toContain('另一份')
  })

  it('with blanks written as numbers, which XML would lose', async () => {
    const extra = `<ofd:TextObject ID="1" Boundary="10 20 50 10" Font="3" Size="4"><ofd:TextCode X="1" Y="4" DeltaX="g 2 4">甲\\0020乙</ofd:TextCode></ofd:TextObject>`
    expect((await shown(makeOfd({ pages: [[]], extra }))).text).toContain('甲 乙')
  })

  it('with glyphs named beside letters that can be read', async () => {
    const extra = `<ofd:TextObject ID="1" Boundary="10 20 50 10" Font="4" Size="4"><ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>11738 12862</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="1" Y="4" DeltaX="4">甲乙</ofd:TextCode></ofd:TextObject>`
    const { missing, letters } = await shown(makeOfd({ pages: [[]], extra }))
    expect(letters.some((one) => one.startsWith('fillText(甲'))).toBe(true)
    expect(missing).toEqual([])
  })

  it('with a seal across the edges of pages: on each its own part', async () => {
    const bytes = rewritten('Doc_0/Signs/Sign_0/Signature.xml', (xml) =>
      xml.replace('Boundary="130 200 40 40"', 'Boundary="190 200 40 40" Clip="0 0 20 40"'),
    )
    expect((await shown(bytes)).missing).toEqual([])
    const at = calls.indexOf('drawImage(picture of image/png 0 0 40 40)')
    expect(calls.slice(at - 3, at)).toEqual(['beginPath()', 'rect(0 0 20 40)', 'clip()'])
  })
})

describe('names what of a page is not shown', () => {
  const object = (kind: string, attributes: string, inside = '') =>
    `<ofd:${kind} ID="1" Boundary="10 20 50 10" ${attributes}>${inside}</ofd:${kind}>`
  const filled = (inside: string) =>
    object(
      'PathObject',
      'Fill="true" Stroke="false"',
      `<ofd:FillColor>${inside}</ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 9 9 C</ofd:AbbreviatedData>`,
    )
  const text = (code: string, more = '') =>
    object('TextObject', 'Font="4" Size="4"', `${more}<ofd:TextCode X="1" Y="4">${code}</ofd:TextCode>`)
  const GLYPHS =
    '<ofd:CGTransform CodePosition="0" GlyphCount="2"><ofd:Glyphs>5 6</ofd:Glyphs></ofd:CGTransform>'

  it.each([
    ['a scan as JBIG2', { files: { [PICTURE]: JB2 } }, ['1 处图片']],
    ['a picture that is not there', { leaveOut: [PICTURE] }, ['1 处图片']],
    [
      'pictures that name nothing',
      { extra: object('ImageObject', 'ResourceID="77"').repeat(2) },
      ['2 处图片'],
    ],
    [
      'a picture that is partly see-through by another',
      { extra: object('ImageObject', 'ResourceID="5" ImageMask="5"') },
      ['1 处图片的透明部分'],
    ],
    [
      'a fill of little pictures',
      { extra: filled('<ofd:Pattern Width="2" Height="2"><ofd:CellContent/></ofd:Pattern>') },
      ['1 处底纹'],
    ],
    ['a fill of triangles', { extra: filled('<ofd:GouraudShd><ofd:Point/></ofd:GouraudShd>') }, ['1 处底纹']],
    ['letters of a font of signs', { extra: text('\uf052') }, ['1 处特殊字形']],
    ['glyphs without letters', { extra: text(' ', GLYPHS) }, ['1 处特殊字形']],
    ['letters that were lost', { extra: text('甲\ufffd') }, ['1 处特殊字形']],
    ['a unit that is not there', { extra: object('CompositeObject', 'ResourceID="88"') }, ['1 处图形']],
    ['its template', { leaveOut: ['Doc_0/Tpls/Tpl_0/Content.xml'] }, ['底版']],
    ['its remarks', { leaveOut: ['Doc_0/Annots/Page_0/Annotation.xml'] }, ['批注']],
    [
      'a seal without a picture',
      { files: { 'Doc_0/Signs/Sign_0/Seal.esl': new Uint8Array([0x30, 0]) } },
      ['1 处印章'],
    ],
    ['a seal whose file is not there', { leaveOut: ['Doc_0/Signs/Sign_0/Signature.xml'] }, ['印章']],
    ['seals whose list is damaged', { files: { 'Doc_0/Signs/Signatures.xml': strToU8('<x>') } }, ['印章']],
  ] as const)(
    '%s',
    async (
      _,
      { files, leaveOut, extra }: { files?: object; leaveOut?: readonly string[]; extra?: string },
      missing,
    ) => {
      const bytes = makeOfd({ pages: PAGES, files: { ...files }, leaveOut: [...(leaveOut ?? [])], extra })
      const first = await shown(bytes)
      expect(first.missing).toEqual(missing)
      expect(first.text).toContain('关于延时服务的示例')
    },
  )

  it('and says nothing of it on the page beside it', async () => {
    expect((await shown(makeOfd({ pages: PAGES, files: { [PICTURE]: JB2 } }), 2)).missing).toEqual([])
  })
})

describe('the endpoint', () => {
  it('finds the pages of a writer that names all from the root', () => {
    const bytes = rewritten(DOCUMENT, (xml) => xml.replaceAll('BaseLoc="Pages', 'BaseLoc="Doc_0/Pages'))
    expect(readOfdFacts(bytes)).toMatchObject({ type: 'ofd', pageCount: 2 })
  })

  it('still refuses what leads out of the file, and what has no page', () => {
    const out = rewritten(DOCUMENT, (xml) => xml.replace('BaseLoc="Pages', 'BaseLoc="../../Pages'))
    expect(readOfdFacts(out)).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('文件之外') as string,
    })
    const gone = rewritten(DOCUMENT, (xml) => xml.replace('Page_1/Content.xml', 'Page_9/Content.xml'))
    expect(readOfdFacts(gone)).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('损坏') as string,
    })
    expect(readOfdFacts(makeOfd({ pages: PAGES, files: { [PICTURE]: pngOf(4, [0, 0, 0]) } }))).toMatchObject({
      type: 'ofd',
    })
  })
})
