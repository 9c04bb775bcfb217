/**
 * What is half written and no record yet (minutes, a form, an opinion, an appeal): kept in the writer's own database as
 * typed, never sent.
 *
 * Promises to the writer: it goes only when it became a record or when they throw it away; signing out keeps the database
 * while any is left, and names it; what cannot be kept is told to the caller, never swallowed.
 */
import type { PhoneDb } from './db.ts'
import { guarded } from './trouble.ts'

const PREFIX = 'kept:'

/** `value` is what was typed, in the shape of the form that keeps it. */
export interface KeptDraft {
  key: string
  /** What it is, as its writer calls it: 会议纪要, 意见建议, 申诉. */
  label: string
  value: unknown
}

const isKept = (value: unknown): value is { label: string; value: unknown } =>
  typeof value === 'object' && value !== null && 'label' in value && 'value' in value

const rowKey = (key: string): string => `${PREFIX}${key}`

/** @param value plain, without reactive wrapping @throws StorageTrouble */
export async function keepDraft(db: PhoneDb, key: string, value: unknown, label: string): Promise<void> {
  await guarded(db, () => db.meta.put({ key: rowKey(key), value: { label, value } }))
}

/** undefined when nothing is kept under the key. @throws StorageTrouble */
export async function readKept(db: PhoneDb, key: string): Promise<unknown> {
  const row = await guarded(db, () => db.meta.get(rowKey(key)))
  return isKept(row?.value) ? row.value.value : undefined
}

/** @throws StorageTrouble */
export async function dropKept(db: PhoneDb, key: string): Promise<void> {
  await guarded(db, () => db.meta.delete(rowKey(key)))
}

/** @param under only keys that begin so @throws StorageTrouble */
export async function listKept(db: PhoneDb, under = ''): Promise<KeptDraft[]> {
  const rows = await guarded(db, () => db.meta.where('key').startsWith(rowKey(under)).toArray())
  return rows.flatMap(({ key, value }) =>
    isKept(value) ? [{ key: key.slice(PREFIX.length), label: value.label, value: value.value }] : [],
  )
}

/** Each kind once, with how many there are, in the order of the list. */
export function countByLabel(drafts: readonly KeptDraft[]): { label: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { label } of drafts) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts].map(([label, count]) => ({ label, count }))
}
