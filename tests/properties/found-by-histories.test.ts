/** What random histories have found, as plain ones: each was a fault of the shipped code once, and none may come back. */
import { describe, expect, it, vi } from 'vitest'
import type { AttentionItem } from '../../src/client/storage/rows.ts'
import type { Act, History } from './histories/acts.ts'
import { checkAll } from './histories/checks.ts'
import { playHistory } from './histories/run.ts'
import { begin, comeToRest, playAct } from './histories/play.ts'

// Thousands of runs take their time on a busy machine; nothing here is about speed.
vi.setConfig({ testTimeout: 300_000 })

const DAYS_200 = 200 * 24
const sync = (phone = 0, over: Partial<Extract<Act, { act: 'sync' }>> = {}): Act => ({
  act: 'sync',
  phone,
  line: [],
  disk: undefined,
  meanwhile: undefined,
  ...over,
})
const write = (what: Extract<Act, { act: 'write' }>['what'], phone = 0, key = 0): Act => ({
  act: 'write',
  what,
  phone,
  key,
  disk: undefined,
})
const org = (change: Extract<Act, { act: 'org' }>['change']): Act => ({ act: 'org', change })
const time = (hours: number): Act => ({ act: 'time', hours })
const history = (acts: Act[], crew: History['crew'] = ['lin', 'wu']): History => ({
  crew,
  pageLimit: 3,
  newer: false,
  acts,
})

/** Two edits of one meeting are saved while the office has written another version that this phone has not seen. */
const NOT_COMPARED = [
  org('lin-gains-role'),
  sync(),
  write('meeting', 0, 1),
  org('unknown-field'),
  sync(0, { line: ['request-lost'] }),
  write('meeting', 0, 1),
]

const FOUND: Record<string, History> = {
  'a row that was damaged on the disk is offered again after a restore, refused, and stands in 需处理 with a name':
    history([
      write('self-assessment', 1),
      {
        act: 'two-phones',
        phone: 1,
        other: 0,
        line: [undefined, undefined, 'request-lost'],
      },
      { act: 'restored' },
      { act: 'row-garbled', phone: 1 },
      write('opinion'),
    ]),
  'a store that was restored between a phone’s first push and its first page is noticed, and the fact offered again':
    history([
      write('opinion'),
      // The tab dies after the push was booked, before any page was.
      sync(0, { line: [undefined, undefined, 'tab-killed-before-request'] }),
      { act: 'restored' },
    ]),
  'an edit on top of what only a newer version can read does not stay as the whole record': history([
    sync(0, { meanwhile: { change: 'newer-note' } }),
    write('note'),
    sync(),
  ]),
  'a file that was refused in a tab that froze does not take away what another tab has delivered since':
    history(
      [
        write('meeting-with-file', 1),
        sync(1, { line: [undefined, 'frozen'] }),
        org('lin-gains-role'),
        sync(1),
        org('lin-moves'),
      ],
      ['lin', 'lin', 'wu'],
    ),
  'a note whose removal is refused after a restore does not come back on the screen when the store has lost it':
    history([
      write('note', 1),
      sync(1),
      write('note-removed', 1),
      { act: 'poisoned', phone: 1, how: 'too-deep' },
      { act: 'restored' },
    ]),
  'a delivered fact whose id another phone’s fact has taken in a restored store goes to 需处理, not away':
    history(
      [
        { act: 'cloned', phone: 0 },
        { act: 'two-phones', phone: 0, other: 0, line: [] },
        write('one-id-two-scopes', 2),
        write('one-id-two-scopes', 1),
        { act: 'two-phones', phone: 0, other: 2, line: [] },
        { act: 'restored' },
        sync(),
      ],
      ['lin', 'lin'],
    ),
  'quarantine of a store that was restored goes with what it came from': history([
    sync(0, { meanwhile: { change: 'newer-schema' } }),
    { act: 'restored' },
    sync(),
  ]),
  'a draft that is accepted within the grace of a lost role does not stay on the phone': history([
    org('wu-loses-role'),
    { act: 'clock', phone: 1, days: -1 },
    write('score-sheet', 1),
    sync(1),
  ]),
  'two edits of it that were numbered apart do not stay either': history([
    { act: 'two-phones', phone: 0, other: 0, line: [] },
    time(DAYS_200),
    write('score-sheet'),
    sync(),
    write('score-sheet'),
    time(DAYS_200),
    sync(0, { meanwhile: { change: 'lin-loses-role' } }),
  ]),
  'what a refusal told does not stay when the scope is lost before any page has brought it': history([
    write('meeting'),
    sync(0, { line: [undefined, undefined, 'tab-killed-before-request'] }),
    org('lin-moves'),
    sync(),
  ]),
  'a scope that was lost while the phone was away for 200 days leaves it': history([
    sync(),
    time(DAYS_200),
    org('lin-moves'),
  ]),
  'a draft whose acceptance is heard after the page that brought it ends as the endpoint has it': history([
    sync(0, { line: [undefined, 'frozen'] }),
    { act: 'sync-and-write', phone: 0, other: 0, line: ['request-lost'] },
    sync(0, { disk: { kind: 'killed', after: 0 } }),
  ]),
  'what was put off while the clock was three years ahead is not put off for three years': history([
    org('parent-deleted'),
    { act: 'clock', phone: 1, days: 3 * 365 },
    write('roll-mark', 1),
    sync(1),
    { act: 'clock', phone: 1, days: 0 },
    sync(1),
  ]),
  'a second edit of content does not take the place of what the first was refused for': history(NOT_COMPARED),
  'what is heard of an older device’s numbers is not booked on those of the renewed one': history([
    { act: 'two-phones', phone: 1, other: 0, line: [] },
    write('opinion', 1),
    sync(1, { line: ['frozen'] }),
    write('sign-off', 1),
    { act: 'other-person-signs-in', phone: 1 },
    sync(0, { meanwhile: { change: 'wu-revoked-for-cause' } }),
    write('meeting', 1),
    sync(),
  ]),
  'an edit made while one written three years ahead is on its way wins over it': history([
    sync(),
    { act: 'clock', phone: 0, days: 3 * 365 },
    { act: 'sync-and-write', phone: 0, other: 0, line: ['request-lost'] },
    { act: 'sync-and-write', phone: 0, other: 0, line: [] },
    sync(),
  ]),
}

describe('found by random histories', () => {
  for (const [name, one] of Object.entries(FOUND)) {
    it(name, async () => {
      expect((await playHistory(one)).found).toEqual([])
    })
  }

  it('no longer shows as it was what a newer version has overwritten', async () => {
    const sim = await begin(history([]))
    await playAct(sim, sync())
    await playAct(sim, write('meeting', 1))
    const newer = {
      type: 'meeting',
      id: 'meeting-1',
      scope: 'unit:a',
      schemaVersion: 9,
      fields: { called: '会' },
    }
    await sim.world.putRaw(newer)
    await comeToRest(sim)
    expect(checkAll(sim)).toEqual([])
    for (const { disk } of sim.phones) expect(disk.row('meeting', 'meeting-1')).toBeUndefined()
  })

  // As two rows the older words could be sent over the newer: the second edit was written on top of the first.
  it('keeps what nobody has compared: both edits stand in 需处理 as one matter, and the other version at the endpoint', async () => {
    const { sim } = await playHistory(history(NOT_COMPARED))
    const items = sim.phones[0]!.disk.rows<AttentionItem>('attention')
    const written = sim.written.filter(({ id }) => id === 'meeting-2').map(({ fields }) => fields)
    expect(new Set(written.map((fields) => JSON.stringify(fields))).size).toBe(2)
    expect(items).toMatchObject([
      {
        id: 'meeting-2',
        code: 'stale-base',
        fields: written[1],
        earlier: [{ id: 'meeting-2', code: 'stale-base', fields: written[0] }],
      },
    ])
    const held = sim.world.held().find(({ id }) => id === 'meeting-2')!
    expect(held.author).toBe('endpoint')
  })

  it('leaves no trace of what was put off by a wrong clock once what it missed has come', async () => {
    const sim = await begin(history([]))
    const acts: Act[] = [
      { act: 'clock', phone: 0, days: 3 * 365 },
      write('receipt-of-missing-lesson'),
      sync(),
      { act: 'clock', phone: 0, days: 0 },
      time(8),
      org('lesson-comes'),
      sync(),
    ]
    for (const act of acts) await playAct(sim, act)
    expect(sim.phones[0]!.disk.rows('outbox')).toEqual([])
    await comeToRest(sim)
    expect(checkAll(sim)).toEqual([])
  })
})
