/** Where one was: the indicator of this draft that was last on the screen, kept on this phone only. */
import type { PhoneDb } from '../../../storage/db.ts'

const keyOf = (draftId: string): string => `assessment-place:${draftId}`

export async function readPlace(db: PhoneDb, draftId: string): Promise<string | null> {
  const row = await db.meta.get(keyOf(draftId))
  return typeof row?.value === 'string' ? row.value : null
}

export async function keepPlace(db: PhoneDb, draftId: string, indicatorId: string): Promise<void> {
  await db.meta.put({ key: keyOf(draftId), value: indicatorId })
}
