// @vitest-environment happy-dom
/** What a phone could not show is named before the signature, asks for a step of its own, and stands in the fact. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noteUnshown } from '../../../../src/client/features/circulation/reader/unshown/unshown-parts.ts'
import SignPage from '../../../../src/client/features/circulation/sign/SignPage.vue'
import { signOffStatement } from '../../../../src/shared/circulation/signing/sign-off.ts'
import { makeOfd } from '../../../support/ofd-file.ts'
import { recordCanvas } from './reader/recorded-canvas.ts'
import { circulationFields, mountAt, revisionOf, setupPhone, stored, textFile, until } from './fixtures.ts'

let parts: ReturnType<typeof setupPhone>
let page: Awaited<ReturnType<typeof mountAt>>
let main: Awaited<ReturnType<typeof textFile>>
let attachment: Awaited<ReturnType<typeof textFile>>

const signOffs = () => parts.db.records('sign-off').toArray()
const text = () => page.wrapper.text()
const button = (words: string) => page.wrapper.findAll('button').find((b) => b.text() === words)!
const tick = () => page.wrapper.find<HTMLInputElement>('input[type=checkbox]')
const note = (sha256: string, at: number, ...what: string[]) => noteUnshown(parts.db, sha256, at, what)
const mounted = () => mountAt(SignPage, '/circulation/:id/sign', '/circulation/c1/sign', parts)

beforeEach(async () => {
  parts = setupPhone()
  main = await textFile('正文')
  attachment = await textFile('附件')
  const revision = {
    ...revisionOf(1, main.sha256),
    attachments: [
      {
        file: { ...revisionOf(1, attachment.sha256).file, name: '一览表.md' },
        pages: null,
        readingSha256: null,
      },
    ],
  }
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revision])))
  for (const { bytes } of [main, attachment]) await parts.phone.blobs.put(bytes, 'text/markdown')
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  page.wrapper.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

it('offline it names each part, signs nothing without the step, and the device signs the declaration too', async () => {
  await parts.phone.deviceKeys.ensure()
  await parts.phone.deviceKeys.setKeyId('key-1')
  await note(main.sha256, 5, '1 处太大或已损坏的图片')
  await note(main.sha256, 3, '1 处太大或已损坏的图片')
  await note(attachment.sha256, 2, '整页')
  page = await mounted()
  await until(() => text().includes('有 3 处内容没有在本机显示'))
  expect(text()).toContain('正文第 3、5 页：1 处太大或已损坏的图片')
  expect(text()).toContain('附件 1 第 2 页：整页')
  await page.wrapper.find('.draw').trigger('click')
  await button('签字').trigger('click')
  expect(document.activeElement).toBe(tick().element)
  expect(text()).toContain('请先确认没有显示的内容已另行看过')
  expect(await signOffs()).toHaveLength(0)

  expect(text()).not.toContain('我已另行看过原件。')
  await tick().setValue(true)
  expect(text()).toContain('其中 3 处没有在本机显示，我已另行看过原件。')
  await button('签字').trigger('click')
  await until(async () => (await signOffs()).length === 1)
  const { fields } = (await signOffs())[0]!
  expect(fields.seenElsewhere).toEqual([
    { file: 0, page: 3, what: '1 处太大或已损坏的图片' },
    { file: 0, page: 5, what: '1 处太大或已损坏的图片' },
    { file: 1, page: 2, what: '整页' },
  ])
  expect(fields.keyId).toBe('key-1')
  expect(signOffStatement({ ...fields, seenElsewhere: undefined })).not.toBe(signOffStatement(fields))
})

it('asks for nothing, and records nothing, where everything was shown', async () => {
  await note(main.sha256, 3, '1 处图片')
  await note(main.sha256, 3)
  page = await mounted()
  await until(() => page.wrapper.find('.draw').exists())
  await page.wrapper.find('.draw').trigger('click')
  await until(() => button('签字').attributes('aria-disabled') === undefined)
  expect(tick().exists()).toBe(false)
  await button('签字').trigger('click')
  await until(async () => (await signOffs()).length === 1)
  expect(Object.keys((await signOffs())[0]!.fields)).not.toContain('seenElsewhere')
})

it('a step that was taken does not cover what was found missing afterwards', async () => {
  await note(main.sha256, 3, '1 处图片')
  page = await mounted()
  await until(() => tick().exists())
  await page.wrapper.find('.draw').trigger('click')
  await tick().setValue(true)
  await until(() => button('签字').attributes('aria-disabled') === undefined)
  await note(main.sha256, 4, '整页')
  await until(() => text().includes('有 2 处内容'))
  expect(tick().element.checked).toBe(false)
  await button('签字').trigger('click')
  expect(await signOffs()).toHaveLength(0)
})

it('pressed before the screen knows of it, the act finds it by itself and signs nothing', async () => {
  page = await mounted()
  await until(() => page.wrapper.find('.draw').exists())
  await page.wrapper.find('.draw').trigger('click')
  await until(() => button('签字').attributes('aria-disabled') === undefined)
  const noted = note(attachment.sha256, 1, '整页')
  await button('签字').trigger('click')
  await noted
  await until(() => text().includes('没有签成') || text().includes('有 1 处内容'))
  expect(await signOffs()).toHaveLength(0)
})

/** Two pages that nobody has opened, held back until `goOn`. */
async function giveUnopened(files: Record<string, Uint8Array<ArrayBuffer>>): Promise<() => void> {
  recordCanvas()
  const ofd = await parts.phone.blobs.put(makeOfd({ pages: [['一'], ['二']], files }), 'application/ofd')
  const revision = { ...revisionOf(1, ofd), pages: 2 }
  revision.file = { ...revision.file, name: '通知.ofd', mime: 'application/ofd' }
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revision])))
  let goOn = (): void => undefined
  const held = new Promise<void>((resolve) => (goOn = resolve))
  const open = parts.phone.blobs.open.bind(parts.phone.blobs)
  vi.spyOn(parts.phone.blobs, 'open').mockImplementation(async (sha256) => {
    await held
    return await open(sha256)
  })
  page = await mounted()
  await until(() => page.wrapper.find('.draw').exists())
  await page.wrapper.find('.draw').trigger('click')
  await until(() => text().includes('正在核对全文能否在本机显示'))
  return goOn
}

it('a page that nobody opened is known as missing before the signature: a press that waited signs nothing', async () => {
  const jbig2 = new Uint8Array([0x97, 0x4a, 0x42, 0x32, 13, 10, 26, 10, ...new Uint8Array(40)])
  const goOn = await giveUnopened({ 'Doc_0/Res/image_5.png': jbig2 })
  await button('签字').trigger('click')
  goOn()
  await until(() => text().includes('有 1 处内容没有在本机显示'))
  expect(text()).toContain('正文第 1 页：1 处图片')
  await tick().setValue(true)
  await until(() => button('签字').attributes('aria-disabled') === undefined)
  expect(await signOffs()).toHaveLength(0)
  await button('签字').trigger('click')
  await until(async () => (await signOffs()).length === 1)
  expect((await signOffs())[0]!.fields.seenElsewhere).toEqual([{ file: 0, page: 1, what: '1 处图片' }])
})

it('pressed while the pages are gone through, it says that it waits, and signs once when all can be shown', async () => {
  const goOn = await giveUnopened({})
  await button('签字').trigger('click')
  await until(() => text().includes('正在核对全文能否在本机显示，完了就签'))
  expect(button('签字').attributes('aria-busy')).toBe('true')
  await button('签字').trigger('click')
  expect(await signOffs()).toHaveLength(0)
  goOn()
  await until(async () => (await signOffs()).length > 0)
  expect(await signOffs()).toHaveLength(1)
})

it('whoever leaves while it waits has not signed', async () => {
  const goOn = await giveUnopened({})
  await button('签字').trigger('click')
  await until(() => text().includes('完了就签'))
  page.wrapper.unmount()
  goOn()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await signOffs()).toHaveLength(0)
})

it('a file that does not open is not signed, and the page says where to look', async () => {
  recordCanvas()
  const broken = await parts.phone.blobs.put(new TextEncoder().encode('no package'), 'application/ofd')
  const revision = { ...revisionOf(1, broken), pages: 2 }
  revision.file = { ...revision.file, name: '通知.ofd', mime: 'application/ofd' }
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revision])))
  page = await mounted()
  await until(() => text().includes('有文件在本机打不开'))
  expect(button('签字')).toBeUndefined()
})

it('goes with the file, and not with another one', async () => {
  await parts.db.blobs.update(main.sha256, { upload: 0 })
  await note(main.sha256, 3, '1 处图片')
  await note(attachment.sha256, 2, '整页')
  await parts.phone.blobs.remove(main.sha256)
  await parts.phone.blobs.put(main.bytes, 'text/markdown')
  page = await mounted()
  await until(() => text().includes('有 1 处内容没有在本机显示'))
  expect(text()).not.toContain('正文第 3 页')
})
