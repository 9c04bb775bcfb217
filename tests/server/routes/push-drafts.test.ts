/** Attacks on the merge of drafts: two devices, any order, wrong clocks, paths that aim at prototypes, scopes that would change. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { formatHlc } from '../../../src/shared/sync/hlc.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import { privateScope } from '../../../src/shared/sync/scopes.ts'
import { branchId, MONDAY, sectionId, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { pullAll } from '../../support/wire.ts'
import { queueOf, type Queue } from '../attack.ts'

const ID = '0199bbbb-0000-7000-8000-000000000001'
const YEAR_MS = 365 * DAY_MS

let endpoint: TestEndpoint
let phone: Queue
let tablet: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  phone = await queueOf(endpoint, '1003')
  tablet = await queueOf(endpoint, '1003')
})
afterEach(() => endpoint.close())

const head = (): JsonObject => ({ personId: phone.personId, month: '2026-11', side: 'party', setId: 's1' })
const edit = (paths: JsonObject, at: number, node = 'phone') => ({
  type: 'self-assessment',
  id: ID,
  scope: privateScope(phone.personId),
  fields: { ...head(), ...paths },
  hlc: formatHlc(at, 0, node),
})
const stored = async () => (await endpoint.store.read((tx) => tx.record('self-assessment', ID)))!
const fieldsAtRest = async () => JSON.parse((await stored()).fields) as JsonObject & { answers: JsonObject }

describe('two devices of one person', () => {
  it('keeps both edits of different paths', async () => {
    await phone.offer(edit({ 'answers/a/score': 3 }, MONDAY))
    await tablet.offer(edit({ 'answers/b/sentence': '第二项的说明' }, MONDAY + 1, 'tablet'))
    expect((await fieldsAtRest()).answers).toMatchObject({ a: { score: 3 }, b: { sentence: '第二项的说明' } })
    expect(endpoint.problems).toEqual([])
  })

  it('lets the later edit win a path, says merged to the earlier, and keeps the losing text', async () => {
    await phone.offer(edit({ 'answers/a/sentence': '后来写的一句话，应当留下' }, MONDAY + 9))
    const late = await tablet.offer(
      edit({ 'answers/a/sentence': '先前写的一句话，到得晚了' }, MONDAY, 'tablet'),
    )
    expect(late.status).toBe('merged')
    expect(late.record?.fields).toMatchObject({ answers: { a: { sentence: '后来写的一句话，应当留下' } } })
    const found = (await pullAll(phone)).records.find((r) => r.id === ID)
    expect(found?.history).toMatchObject([{ path: 'answers/a/sentence', value: '先前写的一句话，到得晚了' }])
    expect(endpoint.problems).toEqual([])
  })

  it('ends with the same bytes whatever the order of arrival', async () => {
    const path = fc.constantFrom(
      'answers/a/score',
      'answers/a/sentence',
      'answers/b/score',
      'answers/b/evidence',
    )
    const change = fc.record({ path, value: fc.nat(90), at: fc.nat(5), node: fc.constantFrom('p', 'q') })
    const unique = fc.uniqueArray(change, { selector: (c) => `${c.at}${c.node}`, minLength: 2, maxLength: 6 })
    const orders = unique.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(orders, async ([some, other]) => {
        const atRest: string[] = []
        for (const order of [some, other]) {
          const id = `draft-${++run}`
          for (const c of order) {
            const value = c.path.endsWith('score') ? c.value : `第 ${c.value} 稿的文字，足够长了`
            const outcome = await phone.offer({ ...edit({ [c.path]: value }, MONDAY + c.at, c.node), id })
            expect(['accepted', 'merged']).toContain(outcome.status)
          }
          const record = (await endpoint.store.read((tx) => tx.record('self-assessment', id)))!
          atRest.push(record.fields)
        }
        expect(atRest[0]).toBe(atRest[1])
      }),
      { numRuns: 15 },
    )
    expect(endpoint.problems).toEqual([])
  })

  it('takes an edit whose clock runs three years ahead, and lets a right clock win afterwards', async () => {
    const ahead = await phone.offer(edit({ 'answers/a/score': 1 }, MONDAY + 3 * YEAR_MS))
    expect(ahead.status).toBe('accepted')
    endpoint.clock.advance(3 * 60_000)
    const right = await tablet.offer(edit({ 'answers/a/score': 2 }, endpoint.clock.now(), 'tablet'))
    expect(right.status).toBe('accepted')
    expect((await fieldsAtRest()).answers).toMatchObject({ a: { score: 2 } })
  })

  it('takes back a deletion only with what is written afterwards', async () => {
    await phone.offer(edit({ 'answers/a/sentence': '已经删掉的一句话，不要回来' }, MONDAY))
    expect((await phone.offer({ ...edit({}, MONDAY + 1), op: 'delete' })).status).toBe('accepted')
    expect((await phone.offer({ ...edit({}, MONDAY + 1), op: 'delete' })).status).toBe('accepted')
    await phone.offer(edit({ 'answers/b/score': 4 }, MONDAY + 2))
    expect((await fieldsAtRest()).answers).toEqual({ b: { score: 4, sentence: '', evidence: '' } })
    expect(endpoint.problems).toEqual([])
  })
})

describe('what only its author may know', () => {
  it('keeps times of the private scope to the day, for writing and for deleting', async () => {
    endpoint.clock.set(MONDAY + 5 * 3_600_000 + 123)
    const floor = Math.floor(endpoint.clock.now() / DAY_MS) * DAY_MS
    await phone.offer(edit({ 'answers/a/score': 1 }, MONDAY))
    expect(await stored()).toMatchObject({ observedAt: floor, receivedAt: floor })
    await phone.offer({ ...edit({}, MONDAY + 1), op: 'delete' })
    expect(await stored()).toMatchObject({ deleted: true, observedAt: floor, receivedAt: floor })
  })
})

describe('hostile paths', () => {
  const hostile = [
    '__proto__/x',
    '__proto__',
    'constructor/prototype/x',
    'constructor',
    'prototype/x',
    'answers/__proto__/score',
    'answers//score',
    '/answers',
    'answers/',
    '',
    'month/x',
  ]
  for (const path of hostile) {
    it(`refuses the path ${JSON.stringify(path)}, and stores nothing`, async () => {
      const text = JSON.stringify({ ...edit({}, MONDAY).fields, answers: {} })
      const fields = JSON.parse(text.replace('"answers":{}', `${JSON.stringify(path)}:1`)) as JsonObject
      const outcome = await phone.offer({ ...edit({}, MONDAY), fields })
      expect([outcome.status, outcome.code]).toEqual(['rejected', 'invalid-fields'])
      expect(await endpoint.store.read((tx) => tx.record('self-assessment', ID))).toBeUndefined()
      expect(({} as JsonObject).x).toBeUndefined()
      expect(endpoint.problems).toEqual([])
    })
  }

  it('refuses a path through a leaf that stands there already, and leaves the draft as it was', async () => {
    await phone.offer(edit({ later: '一个新版本的字段' }, MONDAY))
    const before = await stored()
    const outcome = await phone.offer(edit({ 'later/deeper': 1 }, MONDAY + 1))
    expect([outcome.status, outcome.code]).toEqual(['rejected', 'invalid-fields'])
    expect(await stored()).toEqual(before)
  })
})

describe('a draft of an older schema version', () => {
  const definition = definitionOf('self-assessment') as { schemaVersion: number; upgrade?: object }
  const { schemaVersion, upgrade } = definition
  afterEach(() => Object.assign(definition, { schemaVersion, upgrade }))
  /** Version 2 renames `remark` and adds a default. */
  const becomeNewer = () =>
    Object.assign(definition, {
      schemaVersion: 2,
      upgrade: {
        1: ({ remark, ...fields }: JsonObject) => ({
          ...fields,
          ...(remark === undefined ? {} : { words: remark }),
          tone: fields.tone ?? 'plain',
        }),
      },
    })
  const held = async () => (await pullAll(phone)).records.find((r) => r.id === ID)
  /** As an app of version 1 sends it. */
  const older = (paths: JsonObject, at: number, node = 'phone') => ({
    ...edit(paths, at, node),
    schemaVersion: 1,
  })

  it('is upgraded as a whole before an edit of this version is merged into it', async () => {
    await phone.offer(edit({ remark: '旧版写的话' }, MONDAY))
    becomeNewer()
    expect((await tablet.offer(edit({ tone: 'warm' }, MONDAY + 1, 'tablet'))).status).toBe('accepted')
    expect(await held()).toMatchObject({ schemaVersion: 2, fields: { words: '旧版写的话', tone: 'warm' } })
    expect((await held())?.fields).not.toHaveProperty('remark')
  })

  it('changes only what follows from its own paths in a draft of this version', async () => {
    becomeNewer()
    await tablet.offer(edit({ words: '新版写的话', tone: 'warm' }, MONDAY, 'tablet'))
    await phone.offer(older({ remark: '旧版改的话' }, MONDAY + 1))
    expect(await held()).toMatchObject({ schemaVersion: 2, fields: { words: '旧版改的话', tone: 'warm' } })
  })

  it('does not win against what an upgraded path says already, when it is the older edit', async () => {
    await phone.offer(edit({ remark: '后写的一句话' }, MONDAY + 10))
    becomeNewer()
    await tablet.offer(older({ remark: '先写的一句话' }, MONDAY + 5, 'tablet'))
    expect(await held()).toMatchObject({ fields: { words: '后写的一句话' } })
  })

  it('that is new takes the defaults of the upgrade', async () => {
    becomeNewer()
    await phone.offer(older({ remark: '第一句' }, MONDAY))
    expect(await held()).toMatchObject({ schemaVersion: 2, fields: { words: '第一句', tone: 'plain' } })
  })
})

describe('a scope never changes', () => {
  const sheet = (unitId: string, scope: string) => ({
    type: 'score-sheet',
    id: 'sheet-1',
    scope,
    fields: { unitId, personId: phone.personId, month: '2026-11', side: 'work', setId: 's1' },
  })

  it('refuses a mutation that names another scope than its record has', async () => {
    const scorer = await queueOf(endpoint, '1005')
    const own = sectionId('综合科')
    expect((await scorer.offer(sheet(own, `desk:${own}`))).status).toBe('accepted')
    const elsewhere = sectionId('窗口科')
    const moved = await scorer.offer(sheet(elsewhere, `desk:${elsewhere}`))
    expect([moved.status, moved.code]).toEqual(['rejected', 'scope-changed'])
  })

  it('refuses fields that belong to another scope than the mutation names', async () => {
    const wrong = await phone.offer({
      ...edit({}, MONDAY),
      scope: `file:${branchId('第一支部')}:${phone.personId}`,
    })
    expect([wrong.status, wrong.code]).toEqual(['rejected', 'scope-mismatch'])
    await phone.offer(edit({}, MONDAY))
    const kidnapped = await phone.offer(edit({ personId: 'somebody-else' }, MONDAY + 1))
    expect([kidnapped.status, kidnapped.code]).toEqual(['rejected', 'scope-mismatch'])
  })
})
