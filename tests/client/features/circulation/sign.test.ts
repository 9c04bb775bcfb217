// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import SignPage from '../../../../src/client/features/circulation/sign/SignPage.vue'
import { isOwnName } from '../../../../src/client/features/circulation/sign/sign-off-fact.ts'
import { signOffStatement } from '../../../../src/shared/circulation/signing/sign-off.ts'
import {
  circulationFields,
  HAND,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  textFile,
  until,
} from './fixtures.ts'

type Parts = ReturnType<typeof setupPhone>
type Mounted = Awaited<ReturnType<typeof mountAt>>

let parts: Parts
let page: Mounted
let first: { bytes: Uint8Array; sha256: string }
let second: { bytes: Uint8Array; sha256: string }

const signOffs = () => parts.db.records('sign-off').toArray()
const text = () => page.wrapper.text()
const button = (words: string) => page.wrapper.findAll('button').find((b) => b.text() === words)

async function open(options: { revisions?: number; file?: boolean } = {}): Promise<void> {
  const revisions = [revisionOf(1, first.sha256), revisionOf(2, second.sha256)].slice(
    0,
    options.revisions ?? 1,
  )
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields(revisions)))
  const current = revisions.length === 2 ? second : first
  if (options.file !== false) await parts.phone.blobs.put(current.bytes, 'text/markdown')
  page = await mountAt(SignPage, '/circulation/:id/sign', '/circulation/c1/sign', parts)
}

beforeEach(async () => {
  first = await textFile('第一版')
  second = await textFile('第二版')
  parts = setupPhone()
})
afterEach(() => {
  page.wrapper.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

const fromBase64Url = (words: string) => Uint8Array.from(Buffer.from(words, 'base64url'))

describe('signing offline', () => {
  it('two presses make one fact, which the device key signed and anybody can check', async () => {
    const key = await parts.phone.deviceKeys.ensure()
    await parts.phone.deviceKeys.setKeyId('key-1')
    await open()
    await until(() => text().includes('我，陈思远，已阅读'))
    expect(text()).toContain(`${first.sha256.slice(0, 4)} ${first.sha256.slice(4, 8)}`)
    await page.wrapper.find('.draw').trigger('click')
    await page.wrapper.find('textarea').setValue('已阅，按要求办。')
    await until(() => text().includes('签字先存本机，联网后送达'))
    const sign = button('签字')!
    void sign.trigger('click')
    void sign.trigger('click')
    await until(async () => (await signOffs()).length > 0)
    await until(() => page.router.currentRoute.value.path === '/circulation/c1')

    const made = await signOffs()
    expect(made).toHaveLength(1)
    expect(await parts.db.outbox.count()).toBe(1)
    const { fields, pending, scope } = made[0]!
    expect(pending).toBe(1)
    expect(scope).toBe('file:b1:p1')
    expect(fields).toMatchObject({
      mode: 'in-person',
      personId: 'p1',
      signedBy: 'p1',
      revision: 1,
      sha256: first.sha256,
      keyId: 'key-1',
    })
    expect(fields).toMatchObject({
      opinion: '已阅，按要求办。',
      signedAt: NOW,
      signature: { kind: 'drawn', ...HAND },
    })
    const point = await crypto.subtle.importKey(
      'raw',
      fromBase64Url(key!.publicKey),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    const holds = (statement: string) =>
      crypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        point,
        fromBase64Url(fields.deviceSignature!),
        new TextEncoder().encode(statement),
      )
    expect(await holds(signOffStatement(fields))).toBe(true)
    expect(await holds(signOffStatement({ ...fields, opinion: '别的' }))).toBe(false)
  })

  it('without a key it says so and records none', async () => {
    await open()
    await until(() => text().includes('不带设备签名'))
    await page.wrapper.find('.draw').trigger('click')
    await button('签字')!.trigger('click')
    await until(async () => (await signOffs()).length === 1)
    expect((await signOffs())[0]?.fields).toMatchObject({ keyId: null, deviceSignature: null })
  })

  it('pressed too early it is told why, and the keyboard goes to where that can be mended', async () => {
    await open()
    await until(() => button('签字') !== undefined)
    const sign = button('签字')!
    const reason = page.wrapper.get(`#${sign.attributes('aria-describedby')}`)
    expect(reason.attributes('role')).toBe('status')
    expect(reason.text()).toBe('请先手写签名')
    await sign.trigger('click')
    expect(document.activeElement?.textContent).toBe('改用键盘')
    await button('改用键盘')!.trigger('click')
    await until(() => document.activeElement?.tagName === 'INPUT')
    sign.element.focus()
    await sign.trigger('click')
    expect(document.activeElement?.tagName).toBe('INPUT')
    expect(await signOffs()).toHaveLength(0)
  })

  it('after 改用手写 and 重写 the keyboard stands beside the pad', async () => {
    await open()
    await until(() => button('改用键盘') !== undefined)
    await button('改用键盘')!.trigger('click')
    await button('改用手写')!.trigger('click')
    await until(() => document.activeElement?.textContent === '改用键盘')
    ;(document.activeElement as HTMLElement).blur()
    await page.wrapper.find('.clear').trigger('click')
    await until(() => document.activeElement?.textContent === '改用键盘')
  })

  it('where the page after it is not on the phone, says that the signature is kept, and asks for no other', async () => {
    await open()
    await until(() => page.wrapper.find('.draw').exists())
    page.router.replace = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
    await page.wrapper.find('.draw').trigger('click')
    await button('签字')!.trigger('click')
    await until(() => text().includes('签字已存本机'))
    expect(text()).not.toContain('可能')
    expect(button('签字')).toBeUndefined()
    expect(await signOffs()).toHaveLength(1)
  })

  it('is not offered while the file is not on the phone', async () => {
    await open({ file: false })
    await until(() => text().includes('文件还没有下载到本机'))
    expect(button('签字')).toBeUndefined()
  })

  it('keeps the opinion as typed when the page is left', async () => {
    await open()
    await until(() => page.wrapper.find('textarea').exists())
    await page.wrapper.find('textarea').setValue('写了一半')
    page.wrapper.unmount()
    await until(async () => (await parts.db.meta.get('kept:sign:c1')) !== undefined)
    page = await mountAt(SignPage, '/circulation/:id/sign', '/circulation/c1/sign', parts)
    await until(
      () =>
        page.wrapper.find('textarea').exists() && page.wrapper.find('textarea').element.value === '写了一半',
    )
  })
})

describe('what was signed before', () => {
  it('the same revision is not asked for again', async () => {
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', signOffFields('p1', 1, first.sha256)))
    await open()
    await until(() => text().includes('现在不用你签字'))
    expect(button('签字')).toBeUndefined()
  })

  it('a newer revision is, and the old sign-off stays', async () => {
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', signOffFields('p1', 1, first.sha256)))
    await open({ revisions: 2 })
    await until(() => text().includes('第 1 版你已于'))
    await page.wrapper.find('.draw').trigger('click')
    await button('签字')!.trigger('click')
    await until(async () => (await signOffs()).length === 2)
    expect((await signOffs()).map((s) => s.fields.revision).sort()).toEqual([1, 2])
  })

  it('a revision that comes while the page is open stops the act', async () => {
    await open()
    await until(() => page.wrapper.find('.draw').exists())
    await page.wrapper.find('.draw').trigger('click')
    const pressed = button('签字')!
    const both = [revisionOf(1, first.sha256), revisionOf(2, second.sha256)]
    await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields(both)))
    await pressed.trigger('click')
    await until(() => text().includes('文件还没有下载到本机') || text().includes('请先看新版'))
    expect(await signOffs()).toHaveLength(0)
  })
})

describe('the typed name', () => {
  it('must be the own name', async () => {
    await open()
    await until(() => button('改用键盘') !== undefined)
    await button('改用键盘')!.trigger('click')
    await page.wrapper.find('input').setValue('陈思')
    await until(() => text().includes('不能用这个名字签字'))
    expect(button('签字')!.attributes('aria-disabled')).toBe('true')
    await page.wrapper.find('input').setValue('陈 思远 ')
    await until(() => button('签字')!.attributes('aria-disabled') === undefined)
    await button('签字')!.trigger('click')
    await until(async () => (await signOffs()).length === 1)
    expect((await signOffs())[0]?.fields.signature).toEqual({ kind: 'typed', name: '陈思远' })
  })
  it.each([
    ['', '陈思远', false],
    ['   ', '陈思远', false],
    ['王丽', '陈思远', false],
    ['阿依古丽·买买提江', '阿依古丽·买买提江', true],
    ...['•', '・', '∙', '.', '．', '-', ' ', ''].map((dot): [string, string, boolean] => [
      `阿依古丽${dot}买买提江`,
      '阿依古丽·买买提江',
      true,
    ]),
    ['阿依古丽·', '阿依古丽·买买提江', false],
    ['·', '阿依古丽·买买提江', false],
    [' 陈思远', '陈思远', true],
  ])('%j for %j: %s', (typed, name, isOwn) => expect(isOwnName(typed, name)).toBe(isOwn))
})
