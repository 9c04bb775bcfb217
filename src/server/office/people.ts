/** People, devices and opinions, for the administrator and the Party office. No study or assessment content. */
import { spanHolds } from '../../shared/org/actor.ts'
import { keyRevokedAt, type DeviceKey } from '../../shared/org/device-key.ts'
import type { Membership } from '../../shared/org/membership.ts'
import type { Opinion } from '../../shared/org/opinion.ts'
import type { Role } from '../../shared/org/role.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { Refusal } from '../problem.ts'
import {
  mustBeAdministrator,
  mustBeOffice,
  mustBeOfficeOrAdministrator,
  parsed,
  type Question,
} from './question.ts'

export const peopleQuestion: Question = async ({ tx, actor, now }) => {
  mustBeOfficeOrAdministrator(actor)
  const units = new Map(parsed<Unit>(await tx.records({ types: ['unit'] })).map((u) => [u.id, u.fields]))
  const memberships = Map.groupBy(
    parsed<Membership>(await tx.records({ types: ['membership'] })),
    (m) => m.fields.personId,
  )
  const roles = Map.groupBy(parsed<Role>(await tx.records({ types: ['role'] })), (r) => r.fields.personId)
  const holds = (span: { from: string; to?: string | null | undefined }) =>
    spanHolds({ from: span.from, to: span.to ?? null }, now)
  const people = (await tx.accounts()).map((account) => ({
    personId: account.personId,
    staffNo: account.staffNo,
    name: account.name,
    activated: account.passwordHash !== null,
    closed: account.closed,
    units: (memberships.get(account.personId) ?? [])
      .filter((m) => holds(m.fields))
      .map(({ fields: m }) => ({
        id: m.unitId,
        name: units.get(m.unitId)?.name ?? '',
        kind: units.get(m.unitId)?.kind ?? '',
        primary: m.primary,
        memberKind: m.memberKind,
      })),
    roles: (roles.get(account.personId) ?? [])
      .filter((r) => holds(r.fields))
      .map(({ fields: r }) => ({ role: r.role, unitId: r.unitId, title: r.title })),
  }))
  return { people }
}

export const devicesQuestion: Question = async ({ tx, actor, parameters }) => {
  mustBeAdministrator(actor)
  if (parameters.personId === undefined) throw new Refusal('bad-request', { field: 'personId' })
  const devices = await tx.devicesOf(parameters.personId)
  const rows = await tx.records({ types: ['device-key'], persons: [parameters.personId] })
  const keys = parsed<DeviceKey>(rows)
  return {
    devices: devices.map(({ id, name, createdAt, revokedAt, keyId }) => {
      const key = keys.find((one) => one.id === keyId)
      const of = key && {
        publicKey: key.fields.publicKey,
        enrolledAt: key.fields.enrolledAt,
        revokedAt: keyRevokedAt(key.id, keys),
      }
      return { id, name, createdAt, revokedAt, key: of ?? null }
    }),
  }
}

export const opinionsQuestion: Question = async ({ tx, actor }) => {
  mustBeOffice(actor)
  const opinions = parsed<Opinion>(await tx.records({ types: ['opinion'] }))
  const names = new Map((await tx.accounts()).map((a) => [a.personId, a.name]))
  return {
    opinions: opinions
      .sort((a, b) => b.receivedAt - a.receivedAt)
      .map((o) => ({
        id: o.id,
        name: names.get(o.fields.personId) ?? '',
        text: o.fields.text,
        at: o.receivedAt,
      })),
  }
}
