// @vitest-environment happy-dom
/** Pictures, texts and Word files that nobody opened: what the phone cannot show of them is known before they are signed. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import WordView from '../../../../src/client/features/circulation/reader/docx/WordView.vue'
import { unshownPartsOf } from '../../../../src/client/features/circulation/reader/unshown/unshown-parts.ts'
import SignPage from '../../../../src/client/features/circulation/sign/SignPage.vue'
import type { Revision } from '../../../../src/shared/circulation/document/document.ts'
import { p, picture, png, relation, run, word } from './reader/docx/word-file.ts'
import { circulationFields, mountAt, revisionOf, setupPhone, stored, until } from './fixtures.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
let parts: ReturnType<typeof setupPhone>
let page: Awaited<ReturnType<typeof mountAt>> | undefined
let decoded: string[]

const text = () => page!.wrapper.text()
const button = (words: string) => page!.wrapper.findAll('button').find((b) => b.text() === words)
const signOffs = () => parts.db.records('sign-off').toArray()
const utf8 = (words: string) => new TextEncoder().encode(words)

/** @param decodes whether the browser makes a picture of it */
function picturesDecode(decodes: (bytes: Blob | string) => boolean): void {
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
    decoded.push(blob.type)
    if (!decodes(blob)) throw new Error('not decoded')
    return { close: () => undefined }
  })
  HTMLImageElement.prototype.decode = async function (this: HTMLImageElement) {
    decoded.push(this.src.slice(0, 5))
    if (!decodes(this.src)) throw new Error('not decoded')
  }
}

beforeEach(() => {
  parts = setupPhone()
  decoded = []
  page = undefined
  picturesDecode(() => true)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  page?.wrapper.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

const keep = async (bytes: Uint8Array, mime: string) =>
  await parts.phone.blobs.put(new Uint8Array(bytes), mime)
async function fileOf(name: string, mime: string, bytes: Uint8Array, reading?: string) {
  const sha256 = await keep(bytes, mime)
  const readingSha256 = reading === undefined ? null : await keep(utf8(reading), 'text/markdown')
  return { file: { sha256, name, mime, sizeBytes: bytes.length }, pages: null, readingSha256 }
}
/** Its 正文 is plain text. */
async function sign(...attachments: Awaited<ReturnType<typeof fileOf>>[]): Promise<Revision> {
  const main = await fileOf('正文.md', 'text/markdown', utf8('正文'))
  const revision: Revision = { ...revisionOf(1, main.file.sha256), ...main, attachments }
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revision])))
  page = await mountAt(SignPage, '/circulation/:id/sign', '/circulation/c1/sign', parts)
  return revision
}
async function signByHand(): Promise<void> {
  await until(() => page!.wrapper.find('.draw').exists())
  await page!.wrapper.find('.draw').trigger('click')
  await until(() => button('签字')!.attributes('aria-disabled') === undefined)
  await button('签字')!.trigger('click')
}
const wordFile = (body: string, relations = '', more: Record<string, Uint8Array> = {}) =>
  fileOf('通知.docx', DOCX, word(body, relations, more), '正文')

it('what is whole is signed without a step, and looked at once', async () => {
  const docx = await wordFile(
    p(run('正文') + picture('r:embed="r1"')),
    relation('r1', 'image', 'media/a.png'),
    {
      'word/media/a.png': png,
    },
  )
  await sign(await fileOf('图.png', 'image/png', png), docx)
  await signByHand()
  await until(async () => (await signOffs()).length === 1)
  expect(Object.keys((await signOffs())[0]!.fields)).not.toContain('seenElsewhere')
  expect(decoded).toEqual(['blob:', 'image/png', 'image/png'])
})

it('a picture that nobody opened and that the browser cannot decode is not signed; the page says where to look', async () => {
  picturesDecode((source) => typeof source !== 'string')
  await sign(await fileOf('图.png', 'image/png', png))
  await until(() => text().includes('有文件在本机打不开'))
  expect(button('签字')).toBeUndefined()
})

it('a picture that the browser decodes in part is named and declared', async () => {
  picturesDecode((source) => typeof source === 'string')
  await sign(await fileOf('图.png', 'image/png', png))
  await until(() => text().includes('附件 1：整张图片'))
  expect(button('签字')!.attributes('aria-disabled')).toBe('true')
})

it('of a Word file that nobody opened, drawings, foreign pictures, damaged ones and inserted files are named and declared', async () => {
  picturesDecode((source) => typeof source === 'string')
  const docx = await wordFile(
    p(run('正文') + picture('r:embed="r1"') + picture('r:embed="r2"') + picture('r:link="r3"')) +
      '<w:altChunk r:id="r4"/>' +
      p('<w:r><w:object/></w:r>'),
    relation('r1', 'image', 'media/a.png') +
      relation('r2', 'image', 'media/a.emf') +
      relation('r3', 'image', 'https://example.invalid/a.png', 'TargetMode="External"'),
    { 'word/media/a.png': png, 'word/media/a.emf': new Uint8Array(60) },
  )
  await sign(docx)
  await until(() => text().includes('有 1 处内容没有在本机显示'))
  expect(text()).toContain('附件 1：原件版式里 5 处图形或图片')
  await page!.wrapper.find<HTMLInputElement>('input[type=checkbox]').setValue(true)
  await signByHand()
  await until(async () => (await signOffs()).length === 1)
  expect((await signOffs())[0]!.fields.seenElsewhere).toEqual([
    { file: 1, page: 0, what: '原件版式里 5 处图形或图片' },
  ])
})

it('a Word file whose layout cannot be made says so', async () => {
  const revision = await sign(await fileOf('通知.docx', DOCX, utf8('no package'), '正文'))
  await until(() => text().includes('附件 1：原件的版式'))
  expect(await unshownPartsOf(parts.db, revision)).toEqual([{ file: 1, page: 0, what: '原件的版式' }])
})

it('pictures that a text only points to are named', async () => {
  await sign(
    await fileOf(
      '说明.md',
      'text/markdown',
      utf8('看 ![图](https://example.invalid/a.png) 和 \\![不是图](x)'),
    ),
  )
  await until(() => text().includes('附件 1：1 处图片'))
})

it('a picture over which the app died twice is not tried again, and counts as not shown', async () => {
  const image = await fileOf('图.png', 'image/png', png)
  for (let times = 0; times < 2; times++) {
    HTMLImageElement.prototype.decode = () => (decoded.push('dies'), new Promise(() => undefined))
    await sign(image)
    await until(() => decoded.length > times)
    // A process that is gone runs nothing on leaving.
    vi.spyOn(AbortController.prototype, 'abort').mockImplementation(() => undefined)
    page!.wrapper.unmount()
    vi.restoreAllMocks()
  }
  await sign(image)
  await until(() => text().includes('附件 1：整张图片'))
  expect(decoded).toEqual(['dies', 'dies'])
})

it('the reader names it above the text', async () => {
  const { file } = await wordFile(p(run('正文') + '<w:r><w:object/></w:r>'))
  const reading = await parts.phone.blobs.put(utf8('正文'), 'text/markdown')
  const copy = (await parts.phone.blobs.open(reading))!
  const props = { file: copy, sha256: file.sha256, watermark: '陈静', original: '通知.docx' }
  page = await mountAt(defineComponent({ render: () => h(WordView, props) }), '/:id', '/c1', parts)
  await until(() => text().includes('没有在本机显示的：原件版式里 1 处图形或图片'))
})
