/** A bureau of four people, laid once and copied for each history: two branches, a section, and one person of each role. */
import { putRecord } from '../../../src/server/commands/put-record.ts'
import { MemoryRecordStore } from './memory-record-store.ts'
import type { MemoryTables } from './memory-record-store.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'

/** Monday 23 November 2026, 08:00 in China. */
export const MONDAY = Date.parse('2026-11-23T00:00:00Z')

/** lin: member; wu: officer of the branch; zhao: office; sun: scorer of the section. */
export const PERSONS = ['lin', 'wu', 'zhao', 'sun'] as const
export type Person = (typeof PERSONS)[number]

export const DOCUMENT_SHA = 'd'.repeat(64)

export const membershipFields = (personId: string, unitId: string, to: string | null = null): JsonObject => ({
  personId,
  unitId,
  name: personId,
  memberKind: 'full',
  votingRight: true,
  primary: unitId !== 's',
  from: '2025-01-01',
  to,
})
export const roleFields = (
  personId: string,
  unitId: string,
  role: string,
  over: JsonObject = {},
): JsonObject => ({ personId, unitId, role, title: role, from: '2025-01-01', to: null, ...over })

export const lessonFields = (title: string): JsonObject => ({
  issueId: 'issue',
  unitId: null,
  week: '2026-W48',
  columnId: 'column',
  title,
  body: '正文',
  publishAt: MONDAY,
})
export const meetingFields = (title: string, over: JsonObject = {}): JsonObject => ({
  unitId: 'a',
  kindId: 'kind',
  title,
  date: '2026-11-23',
  sittings: [{ id: 'sitting', name: '早班', startsAt: MONDAY }],
  ...over,
})
const circulationFields = (): JsonObject => ({
  unitId: 'a',
  documentId: 'doc',
  documentNo: '〔2026〕1 号',
  title: '示例通知',
  issuer: '办公室',
  receivedOn: null,
  urgency: '平件',
  instructions: '',
  revisions: [
    {
      revision: 1,
      file: { sha256: DOCUMENT_SHA, name: '示例.md', mime: 'text/markdown', sizeBytes: 3 },
      pages: null,
      readingSha256: null,
      at: MONDAY,
      note: '',
    },
  ],
  recipients: [
    { personId: 'lin', name: '林' },
    { personId: 'wu', name: '吴' },
  ],
  dispatchedAt: MONDAY,
  dispatchedBy: 'zhao',
  deadline: '2026-11-30',
  state: 'open',
})

const GROUND: readonly [string, string, JsonObject][] = [
  ['unit', 'root', { kind: 'bureau', name: '示例大厅', parentId: null }],
  ['unit', 'a', { kind: 'branch', name: '第一支部', parentId: 'root' }],
  ['unit', 'b', { kind: 'branch', name: '第二支部', parentId: 'root' }],
  ['unit', 's', { kind: 'section', name: '综合科', parentId: 'root' }],
  ['membership', 'lin-a', membershipFields('lin', 'a')],
  ['membership', 'wu-a', membershipFields('wu', 'a')],
  ['membership', 'zhao-b', membershipFields('zhao', 'b')],
  ['membership', 'sun-b', membershipFields('sun', 'b')],
  ['membership', 'sun-s', membershipFields('sun', 's')],
  ['role', 'wu-officer', roleFields('wu', 'a', 'branch-officer')],
  ['role', 'zhao-office', roleFields('zhao', 'root', 'office')],
  ['role', 'sun-scorer', roleFields('sun', 's', 'section-scorer')],
  ['lesson', 'lesson-1', lessonFields('示例一课')],
  ['meeting', 'meeting-1', meetingFields('支部党员大会')],
  ['circulation', 'circulation-1', circulationFields()],
]

async function lay(): Promise<MemoryTables> {
  const store = new MemoryRecordStore()
  await store.write([], async (tx) => {
    for (const [type, id, fields] of GROUND)
      await putRecord(tx, { type, id, fields, author: 'endpoint', now: MONDAY - 30 * 86_400_000 })
    for (const personId of PERSONS)
      await tx.putAccount({ personId, staffNo: personId, name: personId, passwordHash: null, closed: false })
    await tx.setSetting('epoch', 'epoch-01')
    await tx.setSetting('cursor-key', 'key of the test')
  })
  return store.tables
}

let laid: Promise<MemoryTables> | undefined
export async function newBureau(): Promise<MemoryTables> {
  laid ??= lay()
  return (await laid).clone()
}
