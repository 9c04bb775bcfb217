/** Activation codes from the desk, and stopping a device that was lost. Codes are shown once and kept only as hashes. */
import * as v from 'valibot'
import { Id } from '../../shared/fields.ts'
import { DAY_MS } from '../../shared/civil-time.ts'
import { isAdministrator, isOffice } from '../../shared/org/actor.ts'
import { hashActivationCode, newActivationCode } from '../auth/passwords.ts'
import { Refusal } from '../problem.ts'
import type { ReadTx, WriteTx } from '../store/record-store.ts'
import { defineCommand } from './define-command.ts'
import { endDevice } from './end-device.ts'

export const CODE_LIFE_MS = 14 * DAY_MS

export interface IssuedCode {
  staffNo: string
  name: string
  unitName: string
  code: string
  expiresAt: number
}

/** A new code voids the unused ones before it. */
export async function issueCode(tx: WriteTx, personId: string, now: number): Promise<IssuedCode> {
  const account = await tx.account({ personId })
  if (account === undefined)
    throw new Refusal('not-found', { message: '没有这个人的账号，请先导入人员名册。' })
  const code = newActivationCode()
  const expiresAt = now + CODE_LIFE_MS
  await tx.voidActivationCodes(account.staffNo)
  await tx.putActivationCode({
    codeHash: hashActivationCode(account.staffNo, code),
    staffNo: account.staffNo,
    expiresAt,
    usedAt: null,
  })
  return {
    staffNo: account.staffNo,
    name: account.name,
    unitName: await primaryUnitName(tx, personId),
    code,
    expiresAt,
  }
}

async function primaryUnitName(tx: ReadTx, personId: string): Promise<string> {
  const rows = await tx.records({ types: ['membership'], person: personId })
  const memberships = rows.map(
    (r) => JSON.parse(r.fields) as { unitId: string; primary: boolean; to: string | null },
  )
  const home = memberships.find((m) => m.primary && m.to === null) ?? memberships[0]
  const unit = home === undefined ? undefined : await tx.record('unit', home.unitId)
  return unit === undefined ? '' : (JSON.parse(unit.fields) as { name: string }).name
}

export const issueActivationCodes = defineCommand({
  name: 'issue-activation-codes',
  schema: v.object({ personIds: v.pipe(v.array(Id), v.minLength(1), v.maxLength(2000)) }),
  shownOnce: true,
  run: async ({ tx, actor, now, parts }, { personIds }) => {
    if (!isAdministrator(actor) && !isOffice(actor)) throw new Refusal('forbidden')
    const codes: IssuedCode[] = []
    for (const personId of new Set(personIds)) {
      // A code is the account: the office could otherwise make itself administrator.
      if (!isAdministrator(actor) && isAdministrator(await parts.actors(tx, personId, now)))
        throw new Refusal('forbidden', { message: '系统管理员的激活码只能由系统管理员发。' })
      codes.push(await issueCode(tx, personId, now))
    }
    return { codes: codes.map((code) => ({ ...code })) }
  },
})

/** The device's sessions end and its key takes no more signatures; what it signed before stays good. */
export const revokeDevice = defineCommand({
  name: 'revoke-device',
  schema: v.object({ deviceId: Id }),
  run: async ({ tx, actor, now, moved, parts }, { deviceId }) => {
    const device = await tx.device(deviceId)
    if (device === undefined) throw new Refusal('not-found')
    if (device.personId !== actor.personId && !isAdministrator(actor)) throw new Refusal('forbidden')
    if (device.revokedAt !== null) return { revoked: true }
    for (const scope of await endDevice(tx, device, { by: actor.personId, now })) moved.add(scope)
    parts.journal.append({
      kind: 'end-device',
      deviceId,
      personId: device.personId,
      by: actor.personId,
      at: now,
    })
    return { revoked: true }
  },
})
