/** How large a file may be, as the endpoint said it last (bytes). */
import type { PhoneDb } from '../db.ts'
import { guarded } from '../trouble.ts'

const KEY = 'max-file-bytes'

export const keptFileLimit = (db: PhoneDb) => ({
  read: async (): Promise<unknown> => (await guarded(db, () => db.meta.get(KEY)))?.value,
  write: (bytes: number) => guarded(db, () => db.meta.put({ key: KEY, value: bytes })),
})
