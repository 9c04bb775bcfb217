/** Where the endpoint's store lies in a case that is measured on both databases, and with how many processes. */
import type { Bench } from './bench.ts'
import { openBenchStores, type StorePlace } from './open-store.ts'
import { startPostgres } from '../../support/postgres.ts'
import type { RecordStore } from '../../../src/server/store/record-store.ts'

export interface Hall {
  name: string
  place: StorePlace
  processes: number
}

/** SQLite with one process, PostgreSQL with one and with two; `fill` runs once for each. */
export async function onEachDatabase<T>(
  bench: Bench,
  fill: (store: RecordStore) => Promise<T>,
  measure: (hall: Hall, filled: T) => Promise<void>,
): Promise<void> {
  const filled = async (place: StorePlace): Promise<T> => {
    const { store, close } = await openBenchStores(place)
    try {
      return await fill(store)
    } finally {
      await close()
    }
  }
  const sqlite: StorePlace = { folder: bench.emptyFolder(), databaseUrl: null }
  await measure({ name: 'SQLite, 1 process', place: sqlite, processes: 1 }, await filled(sqlite))
  await onPostgres(async (newDatabase) => {
    for (const processes of [1, 2]) {
      const place: StorePlace = { folder: bench.emptyFolder(), databaseUrl: await newDatabase() }
      const name = `PostgreSQL, ${processes} process${processes === 1 ? '' : 'es'}`
      await measure({ name, place, processes }, await filled(place))
    }
  })
}

/** A PostgreSQL for the time of `body`. `BENCH_DATABASES=sqlite` leaves it out, for work on the hot paths. */
export async function onPostgres(body: (newDatabase: () => Promise<string>) => Promise<void>): Promise<void> {
  if (process.env.BENCH_DATABASES === 'sqlite') return
  // Durable as a real one is, unlike in the tests.
  const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on' })
  try {
    await body(() => postgres.newDatabase())
  } finally {
    await postgres.stop()
  }
}
