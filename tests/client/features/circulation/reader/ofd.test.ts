// @vitest-environment happy-dom
/** OFD files as their writers make them, and as somebody makes them who means harm. */
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOfd } from '../../../../../src/client/features/circulation/reader/ofd/open-ofd.ts'
import { readOfd } from '../../../../../src/client/features/circulation/reader/ofd/inside/ofd-document.ts'
import {
  openZip,
  plainPath,
} from '../../../../../src/client/features/circulation/reader/package/zip-package.ts'
import { OFD_REFUSALS } from '../../../../../src/client/features/circulation/reader/ofd/inside/unreadable-ofd.ts'
import { pictureInDer } from '../../../../../src/client/features/circulation/reader/ofd/inside/seals.ts'
import { cssOf } from '../../../../../src/client/features/circulation/reader/ofd/draw/colours.ts'
import { svgPathOf } from '../../../../../src/client/features/circulation/reader/ofd/draw/path-data.ts'
import { distancesIn } from '../../../../../src/client/features/circulation/reader/ofd/draw/text-runs.ts'
import { textOf } from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'
import { createRandom } from '../../../../support/random.ts'
import { makeOfd, pngOf, sealOf, textObject } from '../../../../support/ofd-file.ts'
import { recordCanvas } from './recorded-canvas.ts'

const PAGES = [['各支部：', '关于延时服务的示例'], ['第二页'], ['第三页']]
const blobOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>])
const open = (bytes: Uint8Array) => openOfd({ whole: async () => blobOf(bytes) })
const wordsOn = async (bytes: Uint8Array, page = 1) =>
  textOf(await (await (await open(bytes)).page(page)).words())

let calls: string[]
beforeEach(() => (calls = recordCanvas()))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function drawn(bytes: Uint8Array, page = 1): Promise<string[]> {
  const sheet = await (await open(bytes)).page(page)
  await sheet.draw(document.createElement('canvas'), 2).promise
  return calls
}

describe('a file of the field', () => {
  it('has its pages with their size, and the words of page and template', async () => {
    const file = await open(makeOfd({ pages: PAGES }))
    expect(file.pages).toBe(3)
    expect(await file.page(2)).toMatchObject({ width: 210, height: 297 })
    const words = await (await file.page(1)).words()
    expect(words.map(({ text }) => text)).toEqual([
      '示例文件，不是公文',
      '示例市政务服务中心文件',
      '各支部：',
      '关于延时服务的示例',
    ])
    const line = words.find(({ text }) => text.startsWith('关于'))!
    expect(line.box.left).toBeCloseTo(28 / 210, 3)
    expect(line.box.width).toBeCloseTo((9 * 5.6) / 210, 2)
    expect(line.box.top).toBeCloseTo((112 - 5.6 * 0.88) / 297, 2)
  })

  it('is drawn from the ground up: template, text, path, picture, composite, stamp, seal', async () => {
    const all = await drawn(makeOfd({ pages: PAGES }))
    const places = [
      'fillText(示 0 0',
      'stroke(path M0 0.5L170 0.5)',
      'fill(path M0 10A10 10 0 0 1 20 10C20 16 16 20 10 20Q0 20 0 10Z nonzero)',
      'drawImage(picture of image/png 0 0 1 1)',
      'stroke(path M1 1L19 1L19 19L1 19Z)',
      'fillText(各 0 0',
      'fillText(收 0 0',
      'drawImage(picture of image/png 0 0 40 40)',
    ].map((call) => all.findIndex((one) => one.startsWith(call)))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(-1)
    expect(all).toContain('fillStyle=rgba(192,0,0,1)')
    expect(
      all.some((one) => one.startsWith('font=') && one.includes('"仿宋_GB2312"') && one.includes('FangSong')),
    ).toBe(true)
  })

  it.each([
    ['another prefix', (text: string) => text.replaceAll('ofd:', 'of:').replaceAll('xmlns:ofd', 'xmlns:of')],
    ['no prefix', (text: string) => text.replaceAll('ofd:', '').replaceAll('xmlns:ofd', 'xmlns')],
  ])('is read with %s', async (_, written) => {
    const zip = openZip(makeOfd({ pages: PAGES }), OFD_REFUSALS)
    const path = 'Doc_0/Pages/Page_0/Content.xml'
    const text = written(new TextDecoder().decode(zip.bytes(path)))
    expect(await wordsOn(makeOfd({ pages: PAGES, files: { [path]: strToU8(text) } }))).toContain('延时服务')
  })

  it('without template, resources, annotations or seals the text is still there', async () => {
    const leaveOut = [
      'Doc_0/Tpls/Tpl_0/Content.xml',
      'Doc_0/PublicRes.xml',
      'Doc_0/DocumentRes.xml',
      'Doc_0/Annots/Annotations.xml',
      'Doc_0/Signs/Signatures.xml',
    ]
    const bytes = makeOfd({ pages: PAGES, leaveOut })
    expect(await wordsOn(bytes)).toContain('延时服务')
    expect((await drawn(bytes)).some((call) => call.startsWith('fillText(各'))).toBe(true)
    // The place of a picture that is missing is not left blank.
    expect(calls).toContain('fillRect(0 0 1 1)')
  })
})

describe('the short forms of the format', () => {
  it.each([
    ['5 5 6', [5, 5, 6]],
    ['g 3 4.2', [4.2, 4.2, 4.2]],
    ['2 g 2 3 1', [2, 3, 3, 1]],
    ['', []],
    ['g 1000000000 1', 100_000],
    ['g', []],
  ])('distances %s', (text, expected) => {
    const read = distancesIn(text)
    if (typeof expected === 'number') expect(read).toHaveLength(expected)
    else expect(read).toEqual(expected)
  })

  it.each([
    ['M 0 0 L 10 10', 'M0 0L10 10'],
    ['S 1 2 B 1 1 2 2 3 3 Q 4 4 5 5 C', 'M1 2C1 1 2 2 3 3Q4 4 5 5Z'],
    ['M0 0A 5 5 0 1 0 10 0', 'M0 0A5 5 0 1 0 10 0'],
    ['M 1e-3 0 L -.5 2.', 'M0.001 0L-0.5 2'],
    ['M 0 0 L 1', 'M0 0'],
    ['M 0 0 X 1 1 L 2 2', 'M0 0'],
  ])('path %s', (data, svg) => expect(svgPathOf(data)).toBe(svg))

  it.each([
    ['255 0 0', undefined, 'rgba(255,0,0,1)'],
    ['#ff #00 #80', 128, `rgba(255,0,128,${128 / 255})`],
    ['128', undefined, 'rgba(128,128,128,1)'],
    ['0 255 255 0', undefined, 'rgba(255,0,0,1)'],
    ['1 2', undefined, null],
  ])('colour %s', (value, alpha, css) => expect(cssOf(value, alpha)).toBe(css))

  it('a letter stands where the distances say, and the last distance goes on', async () => {
    const extra =
      '<ofd:TextObject ID="1" Boundary="10 20 50 10" Font="3" Size="4"><ofd:TextCode X="1" Y="4" DeltaX="5">甲乙丙</ofd:TextCode></ofd:TextObject>'
    const all = await drawn(makeOfd({ pages: [[]], extra }))
    const at = all.findIndex((call) => call.startsWith('fillText(甲'))
    expect(
      all
        .slice(at - 3)
        .filter((call) => /^translate|^fillText/.test(call))
        .slice(0, 6),
    ).toEqual([
      'translate(16 64)',
      expect.stringMatching(/^fillText\(甲/),
      'translate(96 64)',
      expect.stringMatching(/^fillText\(乙/),
      'translate(176 64)',
      expect.stringMatching(/^fillText\(丙/),
    ])
  })
})

describe('a file that means harm', () => {
  const sentence = {
    type: 'unreadable-pdf',
    message: expect.stringMatching(/^这个 OFD .+请告诉党建科/) as string,
  }

  it('nothing outside the package is asked for, whatever it names', async () => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    vi.stubGlobal('Image', fetched)
    const outside = [
      'https://example.invalid/x.png',
      '//example.invalid/x',
      '../../../../etc/passwd',
      'file:///x',
      '\\\\host\\x',
    ]
    for (const place of outside) {
      const res = `<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>${place}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>`
      await drawn(makeOfd({ pages: PAGES, files: { 'Doc_0/DocumentRes.xml': strToU8(res) } }))
      expect(calls).toContain('fillRect(0 0 1 1)')
      expect(plainPath(place, 'Doc_0')).toBeNull()
    }
    expect(fetched).not.toHaveBeenCalled()
  })

  it('a document type, which could point outside or blow up, is refused unread', async () => {
    const sound = makeOfd({ pages: PAGES })
    const text = new TextDecoder().decode(openZip(sound, OFD_REFUSALS).bytes('Doc_0/Document.xml'))
    // Even one that would do no harm: nothing of it is given to the parser.
    const typed = text.replace('?>', '?><!DOCTYPE x [<!ENTITY a "x">]>')
    const bytes = makeOfd({ pages: PAGES, files: { 'Doc_0/Document.xml': strToU8(typed) } })
    await expect(open(bytes)).rejects.toMatchObject(sentence)
  })

  it('script is no part of the format: it is neither run nor shown', async () => {
    const extra =
      '<ofd:TextObject ID="9" Boundary="0 0 9 9" Font="3" Size="4"><script>globalThis.ran = true</script><ofd:TextCode X="0" Y="4">字</ofd:TextCode></ofd:TextObject>'
    expect(await wordsOn(makeOfd({ pages: PAGES, extra }))).not.toContain('ran')
    expect(Reflect.get(globalThis, 'ran')).toBeUndefined()
  })

  /** @param change of the entry's record in the directory at the end */
  function patched(change: (view: DataView, at: number) => void): Uint8Array {
    const bytes = zipSync({ 'OFD.xml': new Uint8Array(200_000) })
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.length - 4; at++)
      if (view.getUint32(at, true) === 0x02014b50) change(view, at)
    return bytes
  }
  it.each([
    [
      'declares more than a phone can hold',
      (view: DataView, at: number) => view.setUint32(at + 24, 0x7fffffff, true),
    ],
    ['gives more than it declares', (view: DataView, at: number) => view.setUint32(at + 24, 10, true)],
    ['gives less than it declares', (view: DataView, at: number) => view.setUint32(at + 24, 300_000, true)],
    ['lies outside the file', (view: DataView, at: number) => view.setUint32(at + 42, 0x7ffffff0, true)],
    ['is encrypted', (view: DataView, at: number) => view.setUint16(at + 8, 1, true)],
    ['is packed in a way of its own', (view: DataView, at: number) => view.setUint16(at + 10, 99, true)],
  ])('an entry that %s ends with a sentence', async (_, change) => {
    await expect(open(patched(change))).rejects.toMatchObject(sentence)
  })

  it('a bomb is stopped by what it declares and by what it gives', () => {
    const declaring = (size: number) => patched((view, at) => view.setUint32(at + 24, size, true))
    expect(() => openZip(declaring(0x7fffffff), OFD_REFUSALS)).toThrow('太大')
    expect(() => openZip(declaring(10), OFD_REFUSALS).bytes('OFD.xml')).toThrow('太大')
    expect(() => openZip(declaring(300_000), OFD_REFUSALS).bytes('OFD.xml')).toThrow('损坏')
    expect(openZip(declaring(200_000), OFD_REFUSALS).bytes('OFD.xml')).toHaveLength(200_000)
  })

  it('too many entries', async () => {
    const bytes = zipSync({ 'OFD.xml': strToU8('<OFD/>') })
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    view.setUint16(bytes.length - 22 + 10, 65_000, true)
    await expect(open(bytes)).rejects.toMatchObject(sentence)
  })

  it('a unit that holds itself, and layers without end, are drawn to a depth and no further', async () => {
    const unit =
      '<ofd:Res xmlns:ofd="x"><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="6"><ofd:Content><ofd:CompositeObject ID="7" Boundary="0 0 1 1" ResourceID="6"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>'
    await drawn(makeOfd({ pages: PAGES, files: { 'Doc_0/DocumentRes.xml': strToU8(unit) } }))
    expect(calls.length).toBeLessThan(2000)
  })

  it('a picture larger than a phone’s memory is not decoded', async () => {
    const huge = pngOf(40, [1, 2, 3])
    new DataView(huge.buffer, huge.byteOffset).setUint32(16, 60_000)
    new DataView(huge.buffer, huge.byteOffset).setUint32(20, 60_000)
    await drawn(makeOfd({ pages: [[]], files: { 'Doc_0/Res/image_5.png': huge } }))
    expect(calls).toContain('fillRect(0 0 1 1)')
  })

  it('bytes that the line or the disk has changed: a sentence or a page, never anything else', async () => {
    const whole = makeOfd({ pages: PAGES })
    const random = createRandom(20_261_122)
    for (let round = 0; round < 150; round++) {
      const bytes = round % 2 ? whole.slice(0, random.between(0, whole.length - 1)) : whole.slice()
      for (let n = 0; n < 4 && bytes.length > 0; n++)
        bytes[random.between(0, bytes.length - 1)] = random.between(0, 255)
      try {
        readOfd(bytes).page(1)
      } catch (error) {
        expect(error).toMatchObject({ type: 'unreadable-pdf' })
      }
    }
  })

  it('drawing that nobody waits for any more ends', async () => {
    const many = Array.from({ length: 300 }, (_, n) =>
      textObject({ text: '字字', x: 1, y: n, size: 3 }),
    ).join('')
    const sheet = await (await open(makeOfd({ pages: [[]], extra: many }))).page(1)
    const drawing = sheet.draw(document.createElement('canvas'), 1)
    drawing.cancel()
    await expect(drawing.promise).rejects.toMatchObject({ name: 'RenderingCancelledException' })
    expect(calls.filter((call) => call.startsWith('fillText')).length).toBeLessThan(20)
  })
})

it('finds the picture in a seal, and none in what is no seal', () => {
  const picture = pngOf(8, [1, 2, 3])
  expect(pictureInDer(sealOf(picture))).toEqual(picture)
  expect(pictureInDer(strToU8('no seal at all, but a text that is long enough'))).toBeNull()
  expect(pictureInDer(new Uint8Array([0x30, 0x85, 1, 1, 1, 1, 1]))).toBeNull()
})
