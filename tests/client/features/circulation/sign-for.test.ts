// @vitest-environment happy-dom
/** Signing for somebody else: said in words, apart from the own signature, under one's own name, never for the wrong person. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import ForOthersCard from '../../../../src/client/features/circulation/sign/ForOthersCard.vue'
import SignPage from '../../../../src/client/features/circulation/sign/SignPage.vue'
import SignState from '../../../../src/client/features/circulation/reader/SignState.vue'
import { readLine } from '../../../../src/client/features/circulation/useCirculations.ts'
import type { RecipientChange } from '../../../../src/shared/circulation/recipient-change.ts'
import {
  circulationFields,
  mountAt,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  textFile,
  until,
} from './fixtures.ts'

let parts: ReturnType<typeof setupPhone>
let page: Awaited<ReturnType<typeof mountAt>>
let file: { bytes: Uint8Array; sha256: string }
const text = () => page.wrapper.text()
const change = (over: Partial<RecipientChange> = {}): RecipientChange => ({
  unitId: 'b1',
  circulationId: 'c1',
  personId: 'p2',
  name: '王丽',
  change: 'substitute',
  substituteId: 'p1',
  substituteName: '陈思远',
  reason: '外出培训',
  supersedes: [],
  ...over,
})
const put = (id: string, over: Partial<RecipientChange> = {}) =>
  parts.db.records('recipient-change').put(stored(id, 'unit:b1', change(over)))
const signPage = (path: string) =>
  mountAt(
    SignPage,
    `/circulation/:id${path.includes('sign-for') ? '/sign-for/:personId' : '/sign'}`,
    path,
    parts,
  )

beforeEach(async () => {
  file = await textFile('第一版')
  parts = setupPhone()
  await parts.db
    .records('circulation')
    .put(stored('c1', 'unit:b1', circulationFields([revisionOf(1, file.sha256)])))
  await parts.phone.blobs.put(file.bytes, 'text/markdown')
})
afterEach(() => {
  page.wrapper.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

describe('the page of a substitute', () => {
  it('says for whom, why and in which way, and signs under the own name for that person only', async () => {
    await put('x')
    page = await signPage('/circulation/c1/sign-for/p2')
    await until(() => text().includes('我，陈思远，受指定代王丽签阅'))
    expect(text()).toContain('签字方式：代签')
    expect(text()).toContain('代签原因：外出培训')
    await page.wrapper.find('.draw').trigger('click')
    const act = page.wrapper.findAll('button').find((b) => b.text() === '代王丽签字')!
    void act.trigger('click')
    void act.trigger('click')
    await until(async () => (await parts.db.records('signed-for').count()) > 0)
    await until(() => page.router.currentRoute.value.path === '/circulation/c1')
    const [made, ...more] = await parts.db.records('sign-off').toArray()
    expect(more).toEqual([])
    expect(made).toMatchObject({
      scope: 'file:b1:p2',
      fields: { mode: 'substitute', personId: 'p2', signedBy: 'p1', changeId: 'x' },
    })
    expect(await parts.db.records('signed-for').toArray()).toMatchObject([
      {
        scope: 'file:b1:p1',
        pending: 1,
        fields: { signOffId: made!.id, forPersonId: 'p2', forName: '王丽' },
      },
    ])
    expect((await readLine(parts.phone, 'c1'))!.state).toBe('waiting')
  })

  it('asks nothing of who is no substitute, or no more', async () => {
    await put('x', { substituteId: 'p3' })
    page = await signPage('/circulation/c1/sign-for/p2')
    await until(() => text().includes('这份文件现在不用你签字'))
    await put('y')
    await until(() => text().includes('代王丽签阅'))
    await put('z', { change: 'restore', substituteId: null, supersedes: ['y'] })
    await until(() => text().includes('代签可能已经结束'))
  })

  it('the own page says 本人签, and keeps what was begun there apart', async () => {
    await put('x')
    page = await signPage('/circulation/c1/sign')
    await until(() => text().includes('我，陈思远，已阅读'))
    expect(text()).toContain('签字方式：本人签')
    expect(text()).not.toContain('王丽')
  })
})

describe('under the document', () => {
  const state = async () => {
    const line = (await readLine(parts.phone, 'c1'))!
    const Host = {
      components: { SignState },
      setup: () => ({ line }),
      template: '<SignState :line="line" is-file-here />',
    }
    return await mountAt(Host, '/circulation/:id', '/circulation/c1', parts)
  }

  it('shows both when both are due, each on its own button', async () => {
    await put('x')
    page = await state()
    await until(() => text().includes('代王丽签字'))
    const links = page.wrapper.findAll('a').map((a) => [a.text(), a.attributes('href')])
    expect(links).toEqual([
      ['签字', '/circulation/c1/sign'],
      ['代王丽签字', '/circulation/c1/sign-for/p2'],
    ])
  })

  it('tells by whom one was signed for, and lets one sign oneself beside it; that ends the substitution', async () => {
    await put('x', { personId: 'p1', name: '陈思远', substituteId: 'p2', substituteName: '王丽' })
    const instead = {
      ...signOffFields('p1', 1, file.sha256),
      mode: 'substitute' as const,
      signedBy: 'p2',
      changeId: 'x',
    }
    await parts.db.records('sign-off').put(stored('s', 'file:b1:p1', instead))
    page = await state()
    await until(() => text().includes('由王丽代签'))
    expect(page.wrapper.findAll('a').map((a) => a.text())).toContain('本人再签')
    page.wrapper.unmount()
    page = await signPage('/circulation/c1/sign')
    await until(() => text().includes('我，陈思远，已阅读'))
    await page.wrapper.find('.draw').trigger('click')
    await page.wrapper
      .findAll('button')
      .find((b) => b.text() === '签字')!
      .trigger('click')
    await until(async () => (await parts.db.records('sign-off').count()) === 2)
    await until(async () => (await parts.db.records('recipient-change').count()) === 2)
    const changes = await parts.db.records('recipient-change').toArray()
    expect(changes.find(({ id }) => id !== 'x')!.fields).toMatchObject({
      change: 'restore',
      personId: 'p1',
      supersedes: ['x'],
    })
  })
})

it('传阅 lists what is to be signed for others apart, and says 待送达 until it is delivered', async () => {
  await put('x')
  page = await mountAt(ForOthersCard, '/circulation', '/circulation', parts)
  await until(() => text().includes('代他人签字'))
  expect(text()).toContain('代王丽')
  const record = {
    unitId: 'b1',
    personId: 'p1',
    circulationId: 'c1',
    documentNo: '',
    signOffId: 's',
    forPersonId: 'p2',
    forName: '王丽',
    revision: 1,
    sha256: file.sha256,
    signedAt: 1,
  }
  await parts.db.records('signed-for').put(stored('f', 'file:b1:p1', record, { pending: 1 }))
  await until(() => text().includes('签字待送达'))
  await parts.db.records('signed-for').put(stored('f', 'file:b1:p1', record))
  await until(() => text() === '')
})
