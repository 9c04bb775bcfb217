/**
 * Carries out again what a restored backup does not know yet: erasures by rule, stopped devices, closed accounts, roles revoked
 * for cause. Once or twice is the same.
 *
 * An account or a role that the backup does not have is put there closed, or revoked: whoever gave it and has not heard of the
 * end may offer it again (a phone, a roster), and then meets what stands.
 */
import { civilDate } from '../../shared/civil-time.ts'
import type { Role } from '../../shared/org/role.ts'
import { endDevice } from '../commands/end-device.ts'
import { eraseRecord } from '../commands/erase-record.ts'
import { putRecord } from '../commands/put-record.ts'
import type { WriteTx } from '../store/record-store.ts'
import { lastWords, type JournalLine } from './journal-lines.ts'

type LineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>

export interface Replayed {
  /** Erasures and stopped devices that the store did not know. */
  replayed: number
  closedAgain: number
  revokedAgain: number
}

/**
 * What was taken back since the backup is not given again by itself: the account stays closed, the role revoked, as the backup
 * has them.
 * @param lines in the order in which it happened: the last one about an account or a role is the one that holds
 */
export async function replayJournal(
  tx: WriteTx,
  lines: readonly JournalLine[],
  now: number,
): Promise<Replayed> {
  const done: Replayed = { replayed: 0, closedAgain: 0, revokedAgain: 0 }
  for (const line of lastWords(lines)) {
    if (line.kind === 'erase') done.replayed += (await eraseAgain(tx, line)) ? 1 : 0
    if (line.kind === 'end-device') done.replayed += (await endAgain(tx, line)) ? 1 : 0
    if (line.kind === 'close-account') done.closedAgain += (await closeAgain(tx, line)) ? 1 : 0
    if (line.kind === 'revoke-role') done.revokedAgain += (await revokeAgain(tx, line, now)) ? 1 : 0
  }
  return done
}

async function eraseAgain(tx: WriteTx, line: LineOf<'erase'>): Promise<boolean> {
  const { change } = await eraseRecord(tx, { ...line, now: line.at })
  // Written after the backup: nothing is here yet, and its author's phone will offer it.
  if (change === 'unknown') await tx.putErasure(line)
  return change !== 'already'
}

async function endAgain(tx: WriteTx, line: LineOf<'end-device'>): Promise<boolean> {
  const device = await tx.device(line.deviceId)
  if (device === undefined || device.revokedAt !== null) return false
  await endDevice(tx, device, { by: line.by, now: line.at })
  return true
}

async function closeAgain(tx: WriteTx, { personId, staffNo }: LineOf<'close-account'>): Promise<boolean> {
  const account = await tx.account({ personId })
  if (account?.closed === true) return false
  // The number belongs to somebody else by now.
  if (account === undefined && (await tx.account({ staffNo })) !== undefined) return false
  const unknown = { personId, staffNo, name: staffNo, passwordHash: null }
  await tx.putAccount({ ...(account ?? unknown), closed: true })
  return true
}

async function revokeAgain(tx: WriteTx, line: LineOf<'revoke-role'>, now: number): Promise<boolean> {
  const { id, author } = line
  const fields = { ...line.fields, to: line.fields.to ?? civilDate(line.at) }
  const current = await tx.record('role', id)
  if (current?.deleted === true || (await tx.erasedAmong([{ type: 'role', id }])).size > 0) return false
  if (current === undefined) {
    const name = fields.name || ((await tx.account({ personId: fields.personId }))?.name ?? '')
    await putRecord(tx, { type: 'role', id, fields: { ...fields, name }, author, now })
    return true
  }
  const standing = JSON.parse(current.fields) as Role
  if (standing.revokedForCause && standing.to === fields.to) return false
  const revoked = { ...standing, to: fields.to, revokedForCause: true }
  await putRecord(tx, { type: 'role', id, fields: revoked, author, now })
  return true
}
