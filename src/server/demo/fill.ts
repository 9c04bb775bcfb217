/**
 * Fills a store with a made-up bureau: people, lessons, books, documents, meetings, assessment.
 *
 * Guarantees: wholly or not at all; a store that has it already is left as it is, and the answer is the same; every record goes
 * through its definition; a store that holds a real bureau is refused. Times are relative to `now`, in China civil time.
 */
import { ConfigTrouble } from '../config.ts'
import { asKey, keepKey, makeKey } from '../auth/countersign-key.ts'
import { hashPassword } from '../auth/passwords.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { RecordStore } from '../store/record-store.ts'
import { ROOT_UNIT_ID } from '../../shared/sync/scopes.ts'
import { civilDate } from '../../shared/civil-time.ts'
import { DEMO_ACCOUNTS, DEMO_PASSWORD, type DemoAccount } from './accounts.ts'
import { fillAssessment } from './content/assessment.ts'
import { fillBooks, readBooks } from './content/books.ts'
import { fillDocuments, readDocuments } from './content/documents/documents.ts'
import { fillLessons, readLessons } from './content/lessons.ts'
import { fillMeetings } from './content/meetings.ts'
import { fillPastMeetings } from './content/year/past-meetings.ts'
import { fillShifts } from './content/shifts.ts'
import { fillVoices } from './content/voices.ts'
import { createContext } from './context.ts'
import { fullBureau } from './people/bureau.ts'
import { putBureau } from './people/put-bureau.ts'
import { SMALL_PEOPLE } from './people/small.ts'
import { smallUnits } from './people/units.ts'

export type { DemoAccount } from './accounts.ts'
export type DemoSize = 'small' | 'bureau'

export interface DemoFill {
  store: RecordStore
  blobs: BlobStore
  /** UTC ms; the demo's today. */
  now: number
  size: DemoSize
}

/** Kept in the store's settings as JSON. */
interface Filled {
  size: DemoSize
  date: string
}
const FILLED = 'demo-filled'
const SIZE_WORDS: Record<DemoSize, string> = { small: '小型', bureau: '全规模' }

/** The size and civil date of the demo in a store; undefined when there is none. */
export async function demoFilled(store: RecordStore): Promise<Filled | undefined> {
  const text = await store.read((tx) => tx.setting(FILLED))
  return text === undefined ? undefined : (JSON.parse(text) as Filled)
}

/** @throws ConfigTrouble when the store holds something else */
export async function fillDemo({ store, blobs, now, size }: DemoFill): Promise<DemoAccount[]> {
  const accounts = DEMO_ACCOUNTS.map((account) => ({ ...account }))
  const filled = await demoFilled(store)
  if (filled?.size === size) return accounts
  if (filled !== undefined)
    throw new ConfigTrouble(
      `这个文件夹里是${SIZE_WORDS[filled.size]}示例，不是${SIZE_WORDS[size]}示例。请用 DATA_DIR 换一个文件夹，或加 --fresh 重新生成。`,
    )
  // Reading, converting and hashing come first: nothing but the store is awaited for long inside the transaction.
  const { units, people } = size === 'small' ? { units: smallUnits(), people: SMALL_PEOPLE } : fullBureau()
  const [passwordHash, made, lessons, books, documents] = await Promise.all([
    hashPassword(DEMO_PASSWORD),
    makeKey(),
    readLessons(now),
    readBooks(),
    readDocuments(now),
  ])
  await store.write([], async (tx) => {
    if ((await tx.record('unit', ROOT_UNIT_ID)) !== undefined)
      throw new ConfigTrouble('这个文件夹里已有单位和人员，不能再放示例。请用 DATA_DIR 换一个文件夹。')
    const key = asKey(await keepKey(tx, made, now))
    const context = createContext(tx, { store, blobs, now, apply: true }, people, key)
    await putBureau(context, units, passwordHash)
    await fillLessons(context, lessons)
    await fillBooks(context, books)
    await fillDocuments(context, documents)
    await fillMeetings(context)
    await fillPastMeetings(context)
    await fillShifts(context)
    await fillAssessment(context)
    await fillVoices(context)
    await tx.setSetting(FILLED, JSON.stringify({ size, date: civilDate(now) } satisfies Filled))
  })
  return accounts
}
