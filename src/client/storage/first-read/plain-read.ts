/**
 * Reads the phone's database once, before Dexie has opened it: a slow phone pays for that more than for the rows.
 *
 * Guaranteed: nothing is written, and no database comes to be, is upgraded or is kept from another tab. A database that is not
 * exactly as this version of the app leaves it is not read at all, nor is one that another tab is at work on, or asks for before
 * the reading ends; whatever goes wrong, a damaged row too, is left to the ordinary opening, which says what it is. What is
 * read is of one moment, and row for row what Dexie would read.
 */
import {
  DATABASE_VERSION,
  NATIVE_STEP,
  phoneDatabaseName,
  type DatabaseOptions,
  type PhoneDb,
} from '../db.ts'
import { follow } from '../upkeep/let-go.ts'
import { plainTable } from './plain-tables.ts'

/** A disk that does not answer, or another tab that is at work: the ordinary opening waits and tells. */
const LONGEST_MS = 1000

function openAsItIs(name: string, factory: IDBFactory): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      resolve(undefined)
    }, LONGEST_MS)
    const request = factory.open(name)
    // There is none: given up, it does not come to be.
    request.addEventListener('upgradeneeded', () => request.transaction?.abort())
    request.addEventListener('error', (event) => {
      event.preventDefault()
      clearTimeout(timer)
      resolve(undefined)
    })
    request.addEventListener('success', () => {
      clearTimeout(timer)
      if (isLate) request.result.close()
      else resolve(request.result)
    })
  })
}

function isAsExpected(native: IDBDatabase, tables: readonly string[]): boolean {
  return (
    native.version === DATABASE_VERSION * NATIVE_STEP &&
    tables.every((table) => native.objectStoreNames.contains(table))
  )
}

/** The part of {@link PhoneDb} that reading the first screen needs. */
function plainDb(transaction: IDBTransaction, tables: readonly string[]): PhoneDb {
  const byName = Object.fromEntries(tables.map((name) => [name, plainTable(transaction.objectStore(name))]))
  const plain = {
    ...byName,
    records: (name: string) => byName[name],
    transaction: (_mode: string, _tables: unknown, read: () => Promise<unknown>) => read(),
  }
  return plain as unknown as PhoneDb
}

/**
 * @param read asks the database that it is handed, and waits for nothing else
 * @returns undefined where the ordinary way has to be gone
 */
export async function readPlainly<T>(
  personId: string,
  tables: readonly string[],
  read: (db: PhoneDb) => Promise<T>,
  options: Pick<DatabaseOptions, 'indexedDB'> = {},
): Promise<T | undefined> {
  try {
    const native = await openAsItIs(phoneDatabaseName(personId), options.indexedDB ?? indexedDB)
    if (native === undefined) return undefined
    let isAskedFor = false
    native.addEventListener('versionchange', () => {
      isAskedFor = true
      native.close()
    })
    try {
      if (!isAsExpected(native, tables)) return undefined
      const inOne = (): Promise<T> => {
        const transaction = native.transaction([...tables], 'readonly')
        follow(transaction)
        return read(plainDb(transaction, tables))
      }
      // Whoever had to wait for a part of the app has it now.
      const answer = await inOne().catch((problem: unknown) => {
        // By the second name an index says it of a transaction that is over.
        if (!/Inactive|InvalidState/.test((problem as Error).name)) throw problem
        return inOne()
      })
      // Of a database that is being deleted or changed: the ordinary opening says what has become of it.
      return isAskedFor ? undefined : answer
    } finally {
      native.close()
    }
  } catch {
    return undefined
  }
}
