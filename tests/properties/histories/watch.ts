/** Laws that must hold at every step, checked at each commit of a phone's disk. */
import { decodeCursor, epochMark, type Cursor } from '../../../src/server/routes/pull/cursor.ts'
import type { Reload } from '../../../src/client/storage/meta.ts'
import type { BaseRow, PhoneRecord } from '../../../src/client/storage/rows.ts'
import type { Change, MemoryDisk } from '../../support/memory/memory-disk.ts'
import type { SimPhone } from '../../support/memory/sim-phone.ts'
import { lifeOf, type Sim } from './model.ts'

const cursorIn = (sim: Sim, row: Change['after']): Cursor | undefined =>
  typeof row?.value === 'string' ? decodeCursor(row.value, sim.world.cursorKey) : undefined

/** The endpoint's version of a record as this disk has it, under whatever edits. */
export function versionOn(disk: MemoryDisk, type: string, id: string): number | undefined {
  const base = disk.row('base', [type, id]) as BaseRow | undefined
  const quarantined = disk.row('quarantine', [type, id]) as { record: { rev: number } } | undefined
  const row = disk.tables.has(type) ? (disk.row(type, id) as PhoneRecord | undefined) : undefined
  return base?.record.rev ?? quarantined?.record.rev ?? row?.rev
}

/**
 * The cursor never goes backward in an epoch, and what it has passed lies on the same disk in the same transaction: no
 * revision is skipped, whatever is torn off in between.
 */
function checkCursor(
  sim: Sim,
  phone: SimPhone,
  disk: MemoryDisk,
  change: Change,
  resets: readonly string[],
): void {
  const before = cursorIn(sim, change.before)
  const after = cursorIn(sim, change.after)
  if (after === undefined) return
  const isSameEpoch = before?.epoch === after.epoch
  // A scope that is loaded anew begins at 0, says so, and keeps its old rows until it is complete.
  for (const [scopeId, rev] of after.revByScope) {
    const earlier = isSameEpoch ? (before?.revByScope.get(scopeId) ?? 0) : 0
    const scope = sim.world.scopeName(scopeId)
    if (rev < earlier && !resets.includes(scope))
      sim.found.push(`cursor went backward in ${scope}: ${earlier} to ${rev} (${phone.person})`)
    // A page of a store that has been replaced since can be judged no more.
    const isCurrent = after.epoch === epochMark(sim.world.epoch)
    if (rev > earlier && isCurrent) checkPassed(sim, phone, disk, { scopeId, scope, from: earlier, to: rev })
  }
}

function checkPassed(
  sim: Sim,
  phone: SimPhone,
  disk: MemoryDisk,
  passed: { scopeId: number; scope: string; from: number; to: number },
): void {
  for (const record of sim.world.held()) {
    if (record.scopeId !== passed.scopeId || record.deleted) continue
    if (record.rev <= passed.from || record.rev > passed.to) continue
    const { type, id } = record
    const here = versionOn(disk, type, id)
    const isGarbled = sim.garbled.has(`${lifeOf(sim, phone)} ${type}/${id}`)
    if (here !== record.rev && !isGarbled)
      sim.found.push(
        `the cursor passed ${type}/${id} at ${record.rev} of ${passed.scope}, but the phone of ${phone.person} has ${here}`,
      )
  }
}

export function watchDisk(sim: Sim, phone: SimPhone): void {
  const { disk } = phone
  disk.onCommit = (changes) => {
    // A reload that began in this transaction, also one that was complete with its first page.
    const resets = changes.flatMap(({ key, before, after }) =>
      key === 'reload'
        ? [before, after].flatMap((row) => (row?.value as Reload | undefined)?.scopes ?? [])
        : [],
    )
    for (const change of changes)
      if (change.table === 'meta' && change.key === 'cursor') checkCursor(sim, phone, disk, change, resets)
  }
}
