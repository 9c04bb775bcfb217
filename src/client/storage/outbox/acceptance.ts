/**
 * What an accepted outcome makes of a record. Pure: settle() asks the disk before and writes after, for one record or for a
 * whole batch at once.
 */
import { definitionOf } from '../../../shared/sync/registry.ts'
import type { WireRecord } from '../../../shared/sync/protocol/pull.ts'
import type { Ground } from './entries.ts'
import { screenRow, upgradedRow } from './overlay.ts'
import type { OutboxEntry, PhoneRecord } from '../rows.ts'

export interface Acceptance {
  /** The entry as it stands in the queue. */
  entry: OutboxEntry
  /** What the endpoint told with it. */
  record: WireRecord | undefined
}

export interface StandingGround extends Ground {
  entries: readonly OutboxEntry[]
}

/** The record after it, and what the next pull has to confirm of it (accepted.ts). */
export interface Accepted extends StandingGround {
  /** The later entry, now that it is known what it rests on. */
  rebased: OutboxEntry | undefined
  /** No page is known to have brought what stands now. */
  isNeverPulled: boolean
  /** What a page brought last. */
  pulled: PhoneRecord | undefined
  /** The page that brought it may have come after the acceptance, and then nothing newer comes: it is kept beside the row. */
  keepsPulled: boolean
}

/** The wire's record as a row; undefined when it is deleted or this app cannot read it. */
export function readable(record: WireRecord | undefined): PhoneRecord | undefined {
  const definition = record === undefined ? undefined : definitionOf(record.type)
  if (record === undefined || definition === undefined || record.deleted) return undefined
  if (record.schemaVersion > definition.schemaVersion) return undefined
  return upgradedRow(record, definition)
}

/** What the endpoint holds after it took the entry. */
function versionAfter(
  base: PhoneRecord | undefined,
  { entry, record }: Acceptance,
  context: { serverTime: number; personId: string },
): PhoneRecord | undefined {
  const told = readable(record)
  // A stored outcome may be older than what was pulled since.
  if (base !== undefined && told !== undefined && base.rev > told.rev) return base
  if (told !== undefined) return told
  if (entry.op === 'delete') return undefined
  // A fact that a page has brought already is what it is: sent again, it has no other revision.
  if (base !== undefined && entry.conflict === 'fact') return base
  const row = screenRow(base, [entry], context.personId)
  if (row === undefined) return undefined
  return { ...row, pending: 0, receivedAt: base?.receivedAt ?? context.serverTime, revUnknown: true }
}

/**
 * @param ground of a type that this app knows; its entries include the accepted one
 * @param pulledBefore what a page brought last of it, when an earlier outcome of the same answer has put a version of this
 *   phone above it
 */
export function accept(
  ground: StandingGround,
  accepted: Acceptance,
  context: { serverTime: number; personId: string },
  pulledBefore: PhoneRecord | undefined,
): Accepted {
  const { entry, record } = accepted
  const left = ground.entries.filter(({ seq }) => seq !== entry.seq)
  const nothing = { rebased: undefined, isNeverPulled: false, pulled: pulledBefore, keepsPulled: false }
  // The person lost the scope: nothing of it comes back to the screen.
  if (entry.scopeDropped === true) return { ...ground, base: undefined, entries: left, ...nothing }
  const { base } = ground
  const version = versionAfter(base, accepted, context)
  const after: Accepted = { ...ground, base: version, entries: left, ...nothing }
  const [later, ...more] = left
  if (later?.baseRev === null && version?.revUnknown !== true) {
    // A deletion has a revision too: what is written after it rests on that.
    after.rebased = { ...later, baseRev: version?.rev ?? record?.rev ?? 0 }
    after.entries = [after.rebased, ...more]
  }
  if (version === undefined) return after
  if (base !== undefined && base.revUnknown !== true) after.pulled = base
  after.keepsPulled = after.pulled !== undefined && version.revUnknown === true && later === undefined
  after.isNeverPulled = base === undefined || after.keepsPulled
  return after
}
