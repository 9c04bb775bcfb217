/**
 * What stands at the endpoint by the answer of a push, accepted or told with a refusal, and no page has brought yet.
 *
 * Promises, after a complete pull:
 * - nothing of a scope that the person may not read is left on the phone, own words neither. Whoever may still write into a
 *   scope (a role that ended yesterday) need not be allowed to read it: such a row never comes back, and no `drop` names it.
 *   It is delivered; 需处理 keeps only what is not;
 * - a draft whose acceptance was heard late (a tab that was frozen, an answer that was lost) does not stay above what another
 *   phone wrote since.
 */
import type { PullAnswer } from '../../../shared/sync/protocol/pull.ts'
import type { PhoneDb } from '../db.ts'
import { keyOf } from './entries.ts'
import { readMeta, writeMeta } from '../meta.ts'

const partsOf = (key: string): [type: string, id: string] => {
  const [type = '', id = ''] = key.split('/')
  return [type, id]
}

/** Inside the transaction that books the outcomes. @param keys `type/id` */
export async function noteAccepted(db: PhoneDb, keys: ReadonlySet<string>): Promise<void> {
  if (keys.size === 0) return
  await writeMeta(db, 'accepted', [...new Set([...((await readMeta(db, 'accepted')) ?? []), ...keys])])
}

/** Types whose tables {@link confirmAccepted} may touch. */
export async function acceptedTypes(db: PhoneDb): Promise<string[]> {
  return [...new Set(((await readMeta(db, 'accepted')) ?? []).map((key) => partsOf(key)[0]))]
}

/** What the page has not brought: a draft is again what an earlier page brought; anything else is not for this person to read. */
async function standBack(db: PhoneDb, type: string, id: string): Promise<void> {
  const base = (await db.base.get([type, id]))?.record
  if (base !== undefined) await db.rows(type).put(base)
  else {
    await db.rows(type).delete(id)
    await db.carried.delete([type, id])
  }
  await db.base.delete([type, id])
}

/**
 * Inside the transaction of the page. A page that was asked for after the acceptance brings the row, or one of the pages that
 * follow it does; what the last one has not brought has come before the answer did, or never comes.
 */
export async function confirmAccepted(db: PhoneDb, page: PullAnswer): Promise<void> {
  const before = await readMeta(db, 'accepted')
  if (before === undefined || before.length === 0) return
  const brought = new Set(page.records.map(keyOf))
  const left: string[] = []
  for (const key of before) {
    const [type, id] = partsOf(key)
    const isBrought = brought.has(key)
    if (!isBrought && page.more) left.push(key)
    else if ((await db.outbox.where('[type+id]').equals([type, id]).count()) > 0) {
      // Edited since: settled with that edit.
      if (!isBrought) left.push(key)
    } else if (isBrought) await db.base.delete([type, id])
    else await standBack(db, type, id)
  }
  if (left.length < before.length) await writeMeta(db, 'accepted', left)
}
