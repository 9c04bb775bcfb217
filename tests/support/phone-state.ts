/** What stands in 需处理 of a phone, without what differs from run to run. */
import { definitions } from '../../src/shared/sync/registry.ts'
import type { JourneyPhone } from './phone.ts'

export async function refusedOn(p: JourneyPhone) {
  const items = await p.phone.db.attention.toArray()
  return items.map(({ type, id, code, sentence, fields }) => ({
    type,
    id,
    code,
    says: sentence !== '',
    fields,
  }))
}

/** Scopes of which the phone has rows. */
export async function scopesOn(p: JourneyPhone): Promise<string[]> {
  const found = new Set<string>()
  for (const { type } of definitions)
    for (const row of await p.phone.db.rows(type).toArray()) found.add(row.scope)
  return [...found].sort()
}
