// @vitest-environment happy-dom
/** Whatever is half written is kept in one place, named, and outlives a sign-out. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { liveQuery } from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { eventually } from '../../support/eventually.ts'
import { forget, waitingOf } from '../../../src/client/app/session/session-device.ts'
import { useKeptText } from '../../../src/client/features/assessment/result/kept-text.ts'
import { useInWork } from '../../../src/client/features/circulation/in-work.ts'
import { readDrafts, removeDraft, writeDraft } from '../../../src/client/features/lessons/desk/draft-store.ts'
import { newDraft } from '../../../src/client/features/lessons/desk/lesson-draft.ts'
import { useReflection } from '../../../src/client/features/lessons/reflection/useReflection.ts'
import { useOpinionDraft } from '../../../src/client/features/me/opinions/useOpinionDraft.ts'
import { useLocalDraft } from '../../../src/client/features/meetings/model/local-draft.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { hasPhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import {
  countByLabel,
  dropKept,
  keepDraft,
  listKept,
  readKept,
} from '../../../src/client/storage/kept-drafts.ts'
import { phoneKey } from '../../../src/client/storage/phone.ts'
import { InvalidFields } from '../../../src/client/storage/trouble.ts'

let db: PhoneDb
let run = 0
const person = { id: '', name: '李', staffNo: '1001' }
const labels = async () => (await listKept(db)).map(({ label }) => label)
const quotaIsFull = () =>
  vi.spyOn(db.meta, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'))

function inHost<T>(use: () => T): { used: T; leave: () => void } {
  let used!: T
  const tooLong = () => Promise.reject(new InvalidFields('text', '太长'))
  const phone = { db, person, now: () => 1, store: { edit: tooLong } }
  const Host = defineComponent({
    setup() {
      used = use()
      return () => h('p')
    },
  })
  const host = mount(Host, { global: { provide: { [phoneKey as symbol]: phone } } })
  return { used, leave: () => host.unmount() }
}

beforeEach(() => {
  run += 1
  person.id = `p${run}`
  db = openPhoneDatabase(person.id)
})
afterEach(() => {
  vi.restoreAllMocks()
  db.closeForGood()
})

describe('half-written things', () => {
  it('are kept, read, listed with their names, and dropped', async () => {
    await keepDraft(db, 'a:1', { body: '一' }, '申诉')
    await keepDraft(db, 'a:2', { body: '二' }, '申诉')
    await keepDraft(db, 'b', '三', '会议纪要')
    await db.meta.put({ key: 'cursor', value: 'x' })
    expect(await readKept(db, 'a:1')).toEqual({ body: '一' })
    expect((await listKept(db, 'a:')).map(({ key }) => key)).toEqual(['a:1', 'a:2'])
    expect(countByLabel(await listKept(db))).toEqual([
      { label: '申诉', count: 2 },
      { label: '会议纪要', count: 1 },
    ])
    await dropKept(db, 'a:1')
    expect(await readKept(db, 'a:1')).toBeUndefined()
  })
  it('are followed by the screen that lists them', async () => {
    const seen: number[] = []
    const following = liveQuery(() => listKept(db)).subscribe((list) => seen.push(list.length))
    await eventually(() => expect(seen).toEqual([0]))
    await keepDraft(db, 'b', '三', '会议纪要')
    await eventually(() => expect(seen).toEqual([0, 1]))
    following.unsubscribe()
  })
  it('that cannot be kept are told', async () => {
    quotaIsFull()
    await expect(keepDraft(db, 'b', '三', '会议纪要')).rejects.toMatchObject({ kind: 'quota' })
  })
  it('count at sign-out, and keep the database until the last of them is gone', async () => {
    await keepDraft(db, 'minutes:m1', { body: '写了半小时的纪要' }, '会议纪要')
    expect(await waitingOf(person.id)).toBe(1)
    await forget(person.id)
    expect(await hasPhoneDatabase(person.id)).toBe(true)
    await dropKept(db, 'minutes:m1')
    await forget(person.id)
    expect(await hasPhoneDatabase(person.id)).toBe(false)
  })
})

describe('everywhere where one writes', () => {
  it('minutes, meeting forms, make-ups', async () => {
    const begin = () => Promise.resolve({ body: '提纲' })
    const { used, leave } = inHost(() => useLocalDraft(db, 'minutes:m1', '会议纪要', begin))
    await eventually(() => expect(used.value.value).toBeDefined())
    used.value.value = { body: '写了一半' }
    await eventually(async () => expect(await labels()).toEqual(['会议纪要']))
    used.value.value = { body: '提纲' }
    await eventually(async () => expect(await labels()).toEqual([]))
    leave()
  })
  it('an opinion beside a signature, a form at the desk', async () => {
    const { used, leave } = inHost(() => useInWork('sign:c1', '阅示意见', { opinion: '' }))
    await eventually(() => expect(used.isReady.value).toBe(true))
    used.value.value = { opinion: '同意' }
    await eventually(async () => expect(await labels()).toEqual(['阅示意见']))
    used.value.value = { opinion: '' }
    await eventually(async () => expect(await labels()).toEqual([]))
    used.begin({ opinion: '上一版' })
    await new Promise((resolve) => setTimeout(resolve, 350))
    expect(await labels()).toEqual([])
    leave()
  })
  it('an appeal', async () => {
    const { used, leave } = inHost(() => useKeptText(db, 'appeal:r1:', '申诉'))
    used.type('不同意')
    leave()
    await eventually(async () => expect(await labels()).toEqual(['申诉']))
    const again = inHost(() => useKeptText(db, 'appeal:r1:', '申诉'))
    await eventually(() => expect(again.used.text.value).toBe('不同意'))
    await again.used.clear()
    expect(await labels()).toEqual([])
    again.leave()
  })
  it('an opinion to the office', async () => {
    const { used, leave } = inHost(() => useOpinionDraft())
    // At once: what was kept has not been read yet.
    used.text.value = '建议'
    await eventually(async () => expect(await labels()).toEqual(['意见建议']))
    await used.clear()
    await eventually(async () => expect(await labels()).toEqual([]))
    leave()
  })
  it('a lesson at the desk', async () => {
    await writeDraft(db, newDraft('i1', 1))
    expect(await labels()).toEqual(['每周一课'])
    expect((await readDrafts(db)).map(({ issueId }) => issueId)).toEqual(['i1'])
    await removeDraft(db, 'i1')
    expect(await labels()).toEqual([])
  })
  it('a reflection that is too long for a record', async () => {
    const { used, leave } = inHost(() => useReflection('l1', () => '课'))
    await eventually(() => expect(used.isReady.value).toBe(true))
    used.text.value = '很长'
    await used.flush()
    expect(await labels()).toEqual(['心得'])
    expect(used.problem.value).toContain('超过 5000 字')
    leave()
  })
})

describe('a full disk is said, not swallowed', () => {
  it('by each field that is kept as it is typed', async () => {
    quotaIsFull()
    const opinion = inHost(() => useInWork('sign:c1', '阅示意见', { opinion: '' }))
    const appeal = inHost(() => useKeptText(db, 'appeal:r1:', '申诉'))
    const idea = inHost(() => useOpinionDraft())
    await eventually(() => expect(opinion.used.isReady.value).toBe(true))
    // The other two read the same table, begun in the same moment.
    await new Promise((resolve) => setTimeout(resolve, 50))
    opinion.used.value.value = { opinion: '同意' }
    appeal.used.type('不同意')
    idea.used.text.value = '建议'
    await eventually(() => expect(opinion.used.trouble.value).toContain('手机空间不足'))
    await eventually(() => expect(appeal.used.notKept.value).toContain('手机空间不足'))
    await eventually(() => expect(idea.used.notKept.value).toContain('手机空间不足'))
    for (const { leave } of [opinion, appeal, idea]) leave()
  })
})
