import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/server/app.ts'
import { createActors } from '../../../src/server/auth/access.ts'
import { DEDUCTIONS, SENTENCES } from '../../../src/server/demo/content/assessment-words.ts'
import { DEMO_PASSWORD } from '../../../src/server/demo/accounts.ts'
import type { ReadTx, StoredRecord } from '../../../src/server/store/record-store.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { recipientState } from '../../../src/shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../../src/shared/circulation/recipient-change.ts'
import { standingOf } from '../../../src/shared/circulation/signing/settlement.ts'
import { personIdOf } from '../../../src/server/demo/context.ts'
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import type { IndicatorSet } from '../../../src/shared/assessment/indicator-set.ts'
import type { ScoreSheet } from '../../../src/shared/assessment/score-sheet.ts'
import { sumPoints } from '../../../src/shared/assessment/totals.ts'
import { civilDate, isoWeek } from '../../../src/shared/civil-time.ts'
import type { Lesson } from '../../../src/shared/lessons/lesson.ts'
import { parseFields, type RelatedRecord, type RelatedRef } from '../../../src/shared/sync/define-record.ts'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { receiptFindings } from '../../../src/shared/circulation/bundle/verify-bundle.ts'
import type { Countersignature } from '../../../src/shared/circulation/signing/countersignature.ts'
import type { EndpointKey } from '../../../src/shared/org/endpoint-key.ts'
import { MADE_BY_ENDPOINT } from '../../support/samples.ts'
import { definitionOf, definitions } from '../../../src/shared/sync/registry.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { fillFresh, WEDNESDAY, type FilledDemo } from './filled.ts'

type Stored = StoredRecord & { scope: string }
const fieldsOf = <T>(record: Stored): T => JSON.parse(record.fields) as T

describe('the small demo', () => {
  let demo: FilledDemo
  beforeAll(async () => {
    demo = await fillFresh()
  }, 60_000)
  afterAll(() => demo.close())

  test('filled again, also on another day, changes nothing and answers the same', async () => {
    const state = async () =>
      (await demo.all()).map(({ type, id, scope, rev }) => `${type} ${id} ${scope} ${rev}`)
    const heads = () => demo.store.read((tx) => tx.scopesWithPrefix(''))
    const before = { state: await state(), heads: await heads() }
    expect(await demo.fillAgain(WEDNESDAY + 9 * 86_400_000)).toEqual(demo.accounts)
    expect({ state: await state(), heads: await heads() }).toEqual(before)
  })

  test('a reason of a scorer is about its own indicator', async () => {
    const all = await demo.all()
    const sets = all.filter(({ type }) => type === 'indicator-set').map((row) => fieldsOf<IndicatorSet>(row))
    const titles = sets.flatMap(({ indicators }) => indicators.map(({ title }) => title))
    expect(Object.keys(DEDUCTIONS).sort()).toEqual([...titles].sort())
    expect(titles).toEqual(expect.arrayContaining(Object.keys(SENTENCES)))
    const indicatorOf = new Map(sets.flatMap((set) => set.indicators.map((i) => [`${set.side} ${i.id}`, i])))
    const sheets = all.filter(({ type }) => type === 'score-sheet').map((row) => fieldsOf<ScoreSheet>(row))
    for (const { side, scores } of sheets)
      for (const [id, { score, reason }] of Object.entries(scores)) {
        const indicator = indicatorOf.get(`${side} ${id}`)!
        expect(reason).toBe(score === indicator.max ? '' : DEDUCTIONS[indicator.title])
      }
  })

  test('filled as another size is refused with a sentence', async () => {
    await expect(demo.fillAgain(WEDNESDAY, 'bureau')).rejects.toThrow('--fresh')
  })

  test('every record is what its definition asks for, in the scope that it says', async () => {
    for (const record of await demo.all()) {
      const definition = definitionOf(record.type)!
      const fields = fieldsOf<JsonObject>(record)
      expect(parseFields(definition, fields), `${record.type} ${record.fields}`).toMatchObject({ ok: true })
      expect(record.scope).toBe(definition.scopeOf(fields))
      expect(record.receivedAt, `${record.type} in the future`).toBeLessThanOrEqual(demo.now)
    }
  })

  test('what people are said to have done, they were allowed to do', async () => {
    // These come with a new bureau or with an import, before anybody has an office.
    const byOperator = ['column', 'meeting-kind', 'book', 'book-chapter', ...MADE_BY_ENDPOINT]
    const actors = createActors()
    await demo.store.read(async (tx) => {
      const types = definitions.map((d) => d.type).filter((type) => !byOperator.includes(type))
      for (const record of await tx.records({ types })) {
        const definition = definitionOf(record.type)!
        const next = fieldsOf<JsonObject>(record)
        const parents = await parentsOf(tx, record, definition.parents?.(next) ?? [])
        const verdict = definition.canWrite({
          actor: await actors(tx, record.author, record.receivedAt),
          next,
          current: undefined,
          parents,
          related: await relatedOf(tx, record, (found) => definition.related?.(next, parents, found) ?? []),
          observedAt: record.observedAt,
        })
        expect(verdict, `${record.type} by ${record.author}: ${record.fields.slice(0, 300)}`).toBe(true)
      }
    })
  })

  test('every sign-off has a receipt that holds', async () => {
    const read = (type: string) => demo.store.read((tx) => tx.records({ types: [type] }))
    const [key] = (await read('endpoint-key')).map((row) => fieldsOf<EndpointKey>(row))
    const receipts = (await read('countersignature')).map((row) => fieldsOf<Countersignature>(row))
    const signOffs = await read('sign-off')
    expect(receipts).toHaveLength(signOffs.length)
    const check = (_: string, signature: string, statement: string) =>
      signatureHolds(key!.publicKey, signature, statement)
    for (const row of signOffs) {
      const receipt = receipts.find(({ signOffId }) => signOffId === row.id)!
      expect(await receiptFindings({ id: row.id, fields: fieldsOf(row) }, receipt, check)).toEqual([])
    }
  })

  test('every file that a record names is there, and its readers may read it', async () => {
    const scopesOf = (sha256: string) => demo.store.read((tx) => tx.blobScopes(sha256))
    let files = 0
    for (const record of await demo.all())
      for (const sha256 of definitionOf(record.type)!.blobs?.(fieldsOf(record)) ?? []) {
        files++
        expect(await demo.blobs.sizeBytes(sha256)).toBeGreaterThan(0)
        expect(await scopesOf(sha256)).toContain(record.scope)
      }
    expect(files).toBeGreaterThan(20)
  })

  test('the sets have 21 and 35 indicators and 100 points each', async () => {
    const sets = (await demo.all('indicator-set')).map((r) => fieldsOf<IndicatorSet>(r))
    const counted = sets.map((s) => [
      s.side,
      s.indicators.length,
      sumPoints(s.indicators.map((i) => i.max)),
      s.sample,
    ])
    expect(counted.sort()).toEqual([
      ['party', 21, 100, true],
      ['work', 35, 100, true],
    ])
  })

  test('this week has its four columns out, one lesson is revised, one is for later', async () => {
    const lessons = (await demo.all('lesson')).map((r) => fieldsOf<Lesson>(r))
    const thisWeek = lessons.filter((l) => l.week === isoWeek(civilDate(demo.now)))
    expect(new Set(thisWeek.filter((l) => l.unitId === null).map((l) => l.columnId)).size).toBe(4)
    expect(thisWeek.every((l) => l.publishAt < demo.now)).toBe(true)
    expect(thisWeek.filter((l) => l.unitId !== null)).toHaveLength(2)
    expect(lessons.filter((l) => l.revision === 2 && l.revisionNote !== '')).toHaveLength(1)
    expect(lessons.filter((l) => l.publishAt > demo.now)).toHaveLength(2)
    expect(lessons.every((l) => l.title.includes('示例'))).toBe(true)
  })

  test('four books, with chapters long enough to read', async () => {
    const books = (await demo.all('book')).map((r) => fieldsOf<{ title: string }>(r).title)
    expect(books.sort()).toEqual(
      ['人民至上（示例）', '学以致用（示例）', '明辨笃行（示例）', '温故知新（示例）'].sort(),
    )
    for (const chapter of await demo.all('book-chapter'))
      expect(fieldsOf<{ paragraphs: number }>(chapter).paragraphs).toBeGreaterThanOrEqual(8)
  })

  test('the demo’s member has each state of a circulation before her', async () => {
    const member = demo.accounts.find((a) => a.staffNo === '1005')!
    const signOffs = (await demo.all('sign-off')).map((r) => fieldsOf<SignOff>(r))
    const circulations = (await demo.all('circulation')).map((r) => ({
      id: r.id,
      fields: fieldsOf<Circulation>(r),
    }))
    const mine = circulations.filter((c) => c.fields.recipients.some((r) => r.name === member.name))
    const states = mine.map((c) => {
      const personId = c.fields.recipients.find((r) => r.name === member.name)!.personId
      const own = signOffs.filter((s) => s.circulationId === c.id && s.personId === personId)
      return recipientState(c.fields, own)
    })
    expect(states.sort()).toEqual(['outdated', 'signed', 'signed', 'signed', 'waiting', 'waiting', 'waiting'])
    const today = civilDate(demo.now)
    const open = mine.filter(({ fields }) => fields.state === 'open')
    expect(open.filter((c) => c.fields.deadline < today)).toHaveLength(1)
    const endings = mine.map(({ fields }) => fields.state).filter((state) => state !== 'open')
    expect(endings.sort()).toEqual(['closed', 'recalled'])
  })

  test('the first branch has what an officer has to deal with: 免签, 代签, paper beside a signature', async () => {
    const changes = (await demo.all('recipient-change')).map((r) => fieldsOf<RecipientChange>(r))
    expect(changes.map(({ change }) => change).sort()).toEqual([
      'excuse',
      'excuse',
      'substitute',
      'substitute',
    ])
    expect(changes.filter((c) => c.substituteId === personIdOf('1005'))).toHaveLength(1)
    const signOffs = (await demo.all('sign-off')).map((r) => ({ id: r.id, fields: fieldsOf<SignOff>(r) }))
    expect(signOffs.filter(({ fields }) => fields.mode === 'substitute')).toHaveLength(1)
    const same = Map.groupBy(signOffs, ({ fields: f }) => `${f.circulationId} ${f.revision} ${f.personId}`)
    const open = [...same.values()].filter((beside) => standingOf(beside, []).isOpen)
    expect(open.map((beside) => beside.map(({ fields }) => fields.mode).sort())).toEqual([
      ['in-person', 'paper'],
    ])
    const revised = (await demo.all('circulation')).map((r) => fieldsOf<Circulation>(r))
    const withFiles = revised.filter(({ revisions }) => revisions.every((r) => r.attachments?.length === 4))
    expect(withFiles.every(({ revisions }) => revisions.length === 2)).toBe(true)
    expect(withFiles.length).toBeGreaterThan(1)
  })

  test('each account that is printed can sign in', async () => {
    const app = createApp({
      store: demo.store,
      blobs: demo.blobs,
      now: () => demo.now,
      settings: { demo: true },
    })
    for (const { staffNo, password, name } of demo.accounts) {
      const answer = await app.request('/api/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ staffNo, password }),
      })
      expect(answer.status, staffNo).toBe(200)
      expect(await answer.json()).toMatchObject({ person: { name } })
    }
    expect(new Set(demo.accounts.map((a) => a.password))).toEqual(new Set([DEMO_PASSWORD]))
  })
})

test('at an early hour of a Monday, and on the first of a month, the demo fills as well', async () => {
  // 1 March 2027 is a Monday; 01:30 in China.
  const demo = await fillFresh({ now: Date.parse('2027-02-28T17:30:00Z') })
  const lessons = (await demo.all('lesson')).map((r) => fieldsOf<Lesson>(r))
  expect(
    lessons.filter((l) => l.week === '2027-W09' && l.publishAt < demo.now).length,
  ).toBeGreaterThanOrEqual(4)
  const submissions = (await demo.all('submission')).map((r) => fieldsOf<{ month: string }>(r).month)
  expect(new Set(submissions)).toEqual(new Set(['2027-02', '2027-03']))
  await demo.close()
})

/** Parents as they were when the record arrived: a result that was frozen later does not count. */
async function parentsOf(tx: ReadTx, record: Stored, refs: readonly { type: string; id: string }[]) {
  const found = []
  for (const { type, id } of refs) {
    const parent = await tx.record(type, id)
    if (parent !== undefined && (parent.receivedAt <= record.receivedAt || type !== 'month-result'))
      found.push({ type, id, fields: fieldsOf<JsonObject>(parent) })
  }
  return found
}

/** What stood beside the record when it arrived: what was found first may name more. */
async function relatedOf(
  tx: ReadTx,
  record: Stored,
  ask: (found: readonly RelatedRecord[]) => readonly RelatedRef[],
): Promise<RelatedRecord[]> {
  const find = async ({ type, ...by }: RelatedRef): Promise<(Stored | undefined)[]> =>
    'id' in by ? [await tx.record(type, by.id)] : tx.records({ types: [type], ...by })
  const read = async (refs: readonly RelatedRef[]) =>
    (await Promise.all(refs.map(find)))
      .flat()
      .filter((row) => row !== undefined)
      .filter((row) => row.receivedAt <= record.receivedAt && row.id !== record.id)
      .map((row) => ({ ...row, fields: fieldsOf<JsonObject>(row) }))
  return read(ask(await read(ask([]))))
}
