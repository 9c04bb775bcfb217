/** What happens in a history: drawn at random, shrunk by fast-check, printed with its seed. */
import * as fc from 'fast-check'
import type { DiskFault } from '../../support/disk.ts'
import { STORE_FAULTS, type StoreFault } from '../../support/attacked-store.ts'
import { LINE_FAULTS, type LineFault } from '../../support/line.ts'

/** Phones by their owners: one person with two phones, officers of one branch, of two, an office. */
export const CREWS = [
  ['1003', '1001'],
  ['1003', '1003', '1001'],
  ['1001', '1007'],
  ['1001', '1007', '1004'],
  ['2001', '1003', '2002'],
  ['9001', '1002'],
  ['1002', '1002', '2001'],
] as const

const DISK_FAULTS: readonly DiskFault[] = [
  'quota-at-request',
  'quota-at-commit',
  'connection-lost',
  'tab-killed',
]

const disk = fc.option(
  fc.record({ fault: fc.constantFrom(...DISK_FAULTS), at: fc.integer({ min: 1, max: 14 }) }),
  { nil: undefined, freq: 3 },
)
const phone = fc.nat({ max: 3 })
const key = fc.nat({ max: 2 })

const write = fc.record({
  what: fc.constantFrom('opinion', 'opinion', 'foreign', 'roll', 'make-up', 'draft', 'content', 'family'),
  phone,
  key,
  disk,
})
const remove = fc.record({ what: fc.constantFrom('remove-draft', 'retry-refused'), phone, key })
const sync = fc.record({
  what: fc.constantFrom('sync', 'sync', 'sync-and-write'),
  phone,
  line: fc.array(fc.constantFrom<LineFault>(...LINE_FAULTS), { maxLength: 3 }),
  disk,
  store: fc.option(fc.constantFrom<StoreFault>(...STORE_FAULTS), { nil: undefined, freq: 3 }),
})
const plain = fc.record({ what: fc.constantFrom('sync-all', 'restart') })
const store = fc.record({ what: fc.constantFrom('backup', 'restore') })
const tab = fc.record({
  what: fc.constantFrom('kill', 'reopen', 'session-ends', 'other-person', 'copied', 'wiped', 'poisoned'),
  phone,
})
const twoTabs = fc.record({
  what: fc.constant('two-tabs'),
  phone,
  key,
  /** Where the first of them freezes. */
  at: fc.constantFrom('/api/push', '/api/pull', undefined),
})
const org = fc.record({ what: fc.constantFrom('moves', 'loses-role', 'gains-role'), phone })
const time = fc.record({ what: fc.constant('hours'), hours: fc.integer({ min: 1, max: 30 }) })
const clock = fc.record({
  what: fc.constant('clock'),
  phone,
  /** +3 years, −1 day, and back: a clock that jumps. */
  days: fc.constantFrom(3 * 365, -1, 0.1, 0),
})

const act = fc.oneof(
  { weight: 9, arbitrary: write },
  { weight: 9, arbitrary: sync },
  { weight: 1, arbitrary: remove },
  { weight: 1, arbitrary: plain },
  { weight: 2, arbitrary: store },
  { weight: 3, arbitrary: tab },
  { weight: 2, arbitrary: twoTabs },
  { weight: 2, arbitrary: org },
  { weight: 1, arbitrary: time },
  { weight: 1, arbitrary: clock },
)
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never
export type WriteAct = Extract<Act, { disk: unknown; key: number }>
export type SyncAct = Extract<Act, { line: unknown }>

export const historyOf = (databases: readonly string[]) =>
  fc.record({
    database: fc.constantFrom(...databases),
    crew: fc.constantFrom(...CREWS),
    /** Rows of a page, so that pages are many. */
    pageLimit: fc.constantFrom(3, 25, 2000),
    acts: fc.array(act, { minLength: 6, maxLength: 28, size: 'max' }),
  })
export type History = ReturnType<typeof historyOf> extends fc.Arbitrary<infer T> ? T : never
