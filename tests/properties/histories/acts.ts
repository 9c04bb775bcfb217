/** What happens in a history: drawn at random, shrunk by fast-check, printed with its seed. */
import * as fc from 'fast-check'
import type { DiskFault } from '../../support/memory/memory-disk.ts'
import { LINE_FAULTS, type LineFault } from '../../support/memory/line.ts'

/** Phones by their owners: two of one person, an officer, the office, a scorer. */
export const CREWS = [
  ['lin', 'wu'],
  ['lin', 'lin'],
  ['lin', 'lin', 'wu'],
  ['lin', 'wu', 'wu'],
  ['lin', 'wu', 'zhao'],
  ['lin', 'sun', 'wu'],
  ['lin', 'lin', 'wu', 'zhao'],
] as const

export const WRITES = [
  'opinion',
  'opinion',
  'receipt',
  'receipt-of-missing-lesson',
  'roll-mark',
  'make-up',
  'sign-off',
  'shared-reflection',
  'family',
  'note',
  'note',
  'note-removed',
  'self-assessment',
  'score-sheet',
  'meeting',
  'meeting',
  'meeting',
  'meeting',
  'meeting-with-file',
  'meeting-with-file',
  'column',
  'column-removed',
  'one-id-two-scopes',
  'refused-sent-again',
] as const

export const ORG_CHANGES = [
  'lin-moves',
  'lin-returns',
  'wu-loses-role',
  'wu-gains-role',
  'wu-revoked-for-cause',
  'lin-gains-role',
  'lin-loses-role',
  'parent-deleted',
  'parent-returns',
  'lesson-comes',
  'lesson-revised',
  'meeting-changed',
  'unknown-type',
  'newer-schema',
  'newer-note',
  'unknown-field',
] as const

export const POISONS = [
  'refused-fields',
  'bad-clock',
  'too-deep',
  'changed-after-numbering',
  'too-large',
] as const

const DISK_FAULTS: readonly DiskFault['kind'][] = [
  'killed',
  'killed-after-commit',
  'quota',
  'lost-connection',
]

const phone = fc.nat({ max: 3 })
const key = fc.nat({ max: 2 })
const disk = fc.option(fc.record({ kind: fc.constantFrom(...DISK_FAULTS), after: fc.nat({ max: 12 }) }), {
  nil: undefined,
  freq: 5,
})
const line = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom<LineFault>(...LINE_FAULTS) },
  ),
  { maxLength: 4 },
)

const write = fc.record({
  act: fc.constant('write' as const),
  what: fc.constantFrom(...WRITES),
  phone,
  key,
  disk,
})
const sync = fc.record({
  act: fc.constant('sync' as const),
  phone,
  line,
  disk,
  /** The bureau changes just before the request of this place. */
  meanwhile: fc.option(fc.record({ change: fc.constantFrom(...ORG_CHANGES) }), { nil: undefined, freq: 6 }),
})
const together = fc.record({
  act: fc.constantFrom('two-phones' as const, 'two-tabs' as const, 'sync-and-write' as const),
  phone,
  other: phone,
  line,
})
const tab = fc.record({
  act: fc.constantFrom(
    'reopened' as const,
    'thawed' as const,
    'session-ends' as const,
    'signs-in' as const,
    'other-person-signs-in' as const,
    'cloned' as const,
    'wiped' as const,
    'row-garbled' as const,
  ),
  phone,
})
const poison = fc.record({ act: fc.constant('poisoned' as const), phone, how: fc.constantFrom(...POISONS) })
const org = fc.record({ act: fc.constant('org' as const), change: fc.constantFrom(...ORG_CHANGES) })
const store = fc.record({ act: fc.constantFrom('backed-up' as const, 'restored' as const) })
const time = fc.record({
  act: fc.constant('time' as const),
  hours: fc.constantFrom(0.2, 8, 72, 200 * 24),
})
const clock = fc.record({
  act: fc.constant('clock' as const),
  phone,
  /** +3 years, −1 day, a jump, right again. */
  days: fc.constantFrom(3 * 365, -1, 2, 0),
})

const act = fc.oneof(
  { weight: 20, arbitrary: write },
  { weight: 14, arbitrary: sync },
  { weight: 4, arbitrary: together },
  { weight: 6, arbitrary: tab },
  { weight: 2, arbitrary: poison },
  { weight: 6, arbitrary: org },
  { weight: 3, arbitrary: store },
  { weight: 2, arbitrary: time },
  { weight: 3, arbitrary: clock },
)
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never
export type WriteAct = Extract<Act, { act: 'write' }>
export type OrgChange = (typeof ORG_CHANGES)[number]
export type Poison = (typeof POISONS)[number]

export const history = fc.record({
  crew: fc.constantFrom(...CREWS),
  /** Rows of a page: small, so that paging is real. */
  pageLimit: fc.constantFrom(3, 6, 40),
  /** A newer version of the app has been there before, and left fields that this one does not know. */
  newer: fc.boolean(),
  acts: fc.array(act, { minLength: 1, maxLength: 40, size: 'max' }),
})
export type History = typeof history extends fc.Arbitrary<infer T> ? T : never
