/**
 * 需处理: what the endpoint refused. The promise: all of what was written stays readable here, with the reason and what to
 * do, until the person sends it again or discards it.
 */
import { civilDate } from '../../../shared/civil-time.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import { ERRORS, isErrorCode } from '../../../shared/sync/protocol/errors.ts'
import type { WireRecord } from '../../../shared/sync/protocol/pull.ts'
import type { PhoneDb } from '../db.ts'
import { keyOf, refreshRow, requiredParents } from './entries.ts'
import type { AttentionItem, NewAttentionItem, NewOutboxEntry, OutboxEntry } from '../rows.ts'

const UNKNOWN_CODE_SENTENCE = '没有收下，原因不明。你写的还在，请更新应用后再试一次。'

export interface Refusal {
  code: string
  now: number
  personId: string
  detail?: string
  standing?: WireRecord
}

/** Codes whose sentence in the table speaks of a request that goes again by itself. Here it is the person's to decide. */
const SET_ASIDE_SENTENCES: Readonly<Record<string, string>> = {
  internal: '服务器处理不了这一条，先放在这里，别的照常送达。你写的还在：请告诉系统管理员，修好后再送一次。',
  'missing-file': '附件一直没有送到，这一条没有收下。你写的还在：请连上网络后再送一次。',
  damaged: '这一条在手机里存坏了，送不出去。能读出的内容都在下面，请核对后重新填写。',
}

/** What was carried for somebody else: their copy stays on their phone, and only they can write it anew. */
const CARRIED_SENTENCES: Readonly<Record<string, string>> = {
  'bad-signature':
    '对方手机的密钥已停用或还没有登记，交接来的这一条没有收下。原记录还在对方手机上，请对方自己联网送达。',
  forbidden:
    '对方现在的职务不能记这一条，交接来的没有收下。原记录还在对方手机上，请与对方核对；需要时由你另记一条。',
  'missing-file': '这一条带的附件还在对方手机上，一直没有送到，交接来的没有收下。请对方自己联网送达。',
  'stale-base':
    '对方改过以后，别处也改过，交接来的改动没有收下。原改动还在对方手机上，对方联网后由对方核对。',
}

export function sentenceOf(code: string): string {
  const own = SET_ASIDE_SENTENCES[code]
  if (own !== undefined) return own
  return isErrorCode(code) ? ERRORS[code].sentence : UNKNOWN_CODE_SENTENCE
}

/** What was written, wherever it waits. */
function whatItSays(of: OutboxEntry | NewAttentionItem) {
  const { type, id, scope, op, schemaVersion, fields, observedAt, label, conflict } = of
  return { type, id, scope, op, schemaVersion, fields, observedAt, label, conflict }
}

function toItem(entry: OutboxEntry, refusal: Refusal): NewAttentionItem {
  const { baseRev, savedAt } = entry
  const own: Readonly<Record<string, string>> | undefined = definitionOf(entry.type)?.refusals
  return {
    ...whatItSays(entry),
    baseRev,
    savedAt,
    code: refusal.code,
    sentence:
      (entry.signed === undefined ? undefined : CARRIED_SENTENCES[refusal.code]) ??
      own?.[refusal.code] ??
      sentenceOf(refusal.code),
    refusedAt: refusal.now,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(refusal.standing === undefined ? {} : { standing: refusal.standing }),
    ...(entry.signed === undefined ? {} : { carried: { hlc: entry.hlc, signed: entry.signed } }),
  }
}

/**
 * Moves an entry out of the queue with its data, and puts the screen back to what the endpoint holds. When the record never
 * existed at the endpoint, what rests on it goes along. Inside the caller's transaction over all tables.
 */
export async function moveToAttention(db: PhoneDb, entry: OutboxEntry, refusal: Refusal): Promise<void> {
  const item = toItem(entry, refusal)
  const onRefused = (await isToldWithParent(db, item)) ? undefined : await tell(db, item, entry.onRefused)
  await db.outbox.delete(entry.seq)
  const base = (await db.base.get([entry.type, entry.id]))?.record
  const isAtEndpoint = base !== undefined || (entry.baseRev ?? 0) > 0
  const later = await db.outbox.where('[type+id]').equals([entry.type, entry.id]).sortBy('seq')
  const next = later[0]
  // A later edit that waited for this one rests on the same version as this one did, not on the one that the refusal told of.
  if (next?.baseRev === null)
    await db.outbox.update(next.seq, { baseRev: entry.baseRev ?? base?.rev ?? 0, onRefused })
  await refreshRow(db, entry.type, entry.id, refusal.personId, base)
  if (!isAtEndpoint && later.length === 0 && entry.op === 'put') await moveChildren(db, entry, refusal)
}

/**
 * Two edits of one record, the second on top of the first: one matter, or the older words could be sent over the newer. What was
 * carried for somebody else stays apart: it is theirs.
 * @returns its id
 */
async function tell(db: PhoneDb, item: NewAttentionItem, onRefused: number | undefined): Promise<number> {
  const before = onRefused === undefined ? undefined : await db.attention.get(onRefused)
  if (before === undefined || before.carried !== undefined || item.op === 'delete')
    return await db.attention.add(item)
  const { attentionId, earlier = [], ...first } = before
  const both: AttentionItem = { ...item, attentionId, earlier: [...earlier, first] }
  await db.attention.put(both)
  return attentionId
}

/** One refusal is one matter: what goes along with a refused record lies in its item. */
async function isToldWithParent(db: PhoneDb, item: NewAttentionItem): Promise<boolean> {
  const definition = definitionOf(item.type)
  const isCompanion = definition?.companion === true && item.code === 'parent-refused'
  if (!isCompanion || item.op !== 'put' || item.carried !== undefined) return false
  for (const { type, id } of definition.parents?.(item.fields) ?? []) {
    const [parent] = await db.attention.where('[type+id]').equals([type, id]).toArray()
    if (parent === undefined) continue
    await db.attention.put({ ...parent, along: [...(parent.along ?? []), item] })
    return true
  }
  return false
}

async function moveChildren(db: PhoneDb, parent: OutboxEntry, refusal: Refusal): Promise<void> {
  const parentKey = keyOf(parent)
  const unsent = (await db.outbox.orderBy('seq').toArray()).filter((entry) => entry.n === null)
  for (const child of unsent) {
    if (!requiredParents(child).includes(parentKey)) continue
    // An earlier step of this loop may have moved it already.
    if ((await db.outbox.get(child.seq)) === undefined) continue
    const { now, personId } = refusal
    await moveToAttention(db, child, { code: 'parent-refused', detail: parent.label, now, personId })
  }
}

/**
 * Sends it again as a new write. A content edit then rests on what stands at the endpoint now: the person has compared.
 * Does nothing for an item that is gone.
 */
export async function retryAttention(
  db: PhoneDb,
  attentionId: number,
  context: { now: number; personId: string; nextHlc: () => Promise<string> },
): Promise<void> {
  await db.transaction('rw', db.tables, async () => {
    const item = await db.attention.get(attentionId)
    if (item === undefined) return
    await db.attention.delete(attentionId)
    for (const one of [item, ...(item.along ?? [])]) await sendAgain(db, one, context)
  })
}

async function sendAgain(
  db: PhoneDb,
  item: NewAttentionItem,
  context: { now: number; personId: string; nextHlc: () => Promise<string> },
): Promise<void> {
  const base = (await db.base.get([item.type, item.id]))?.record ?? (await rowWithoutEdits(db, item))
  const standingRev = Math.max(base?.rev ?? 0, item.standing?.rev ?? 0)
  const entry: NewOutboxEntry = {
    ...whatItSays(item),
    // What was signed rests on what it says.
    baseRev: item.carried !== undefined ? (item.baseRev ?? 0) : item.conflict === 'content' ? standingRev : 0,
    hlc: item.carried?.hlc ?? (await context.nextHlc()),
    ...(item.carried === undefined ? {} : { signed: item.carried.signed }),
    savedAt: context.now,
    n: null,
    hash: null,
    attempts: 0,
  }
  await db.outbox.add(entry)
  await refreshRow(db, item.type, item.id, context.personId, base)
}

async function rowWithoutEdits(db: PhoneDb, item: NewAttentionItem) {
  if (definitionOf(item.type) === undefined) return undefined
  const row = await db.rows(item.type).get(item.id)
  return row?.pending === 0 ? row : undefined
}

/** Only on the person's own decision. */
export async function discardAttention(db: PhoneDb, attentionId: number): Promise<void> {
  await db.attention.delete(attentionId)
}

/** Everything of a refused write as plain text, to copy or to hand over. */
export function attentionText(item: AttentionItem): string {
  const lines = [
    item.label,
    `写于：${civilDate(item.savedAt)}`,
    `未收下的原因：${item.sentence}${item.detail === undefined ? '' : `（${item.detail}）`}`,
    '内容：',
    JSON.stringify(item.fields, null, 2),
    ...[...(item.along ?? []), ...(item.earlier ?? [])].flatMap(({ label, fields }) => [
      label,
      JSON.stringify(fields, null, 2),
    ]),
  ]
  return lines.join('\n')
}
