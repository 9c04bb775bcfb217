/**
 * The phone's database for whoever reads 今日 for many times of one moment: each question is asked once. It answers what the first
 * screen asks (storage/first-read); what is asked beyond that fails.
 */
import { tableOver } from '../../storage/first-read/plain-tables.ts'
import type { PhoneDb } from '../../storage/db.ts'

function remembering(db: PhoneDb, name: string) {
  const table = db.table(name)
  const answers = new Map<string, Promise<unknown>>()
  const once = <T>(question: readonly unknown[], ask: () => PromiseLike<T>): Promise<T> => {
    const asked = JSON.stringify(question)
    const answer = answers.get(asked) ?? Promise.resolve(ask())
    answers.set(asked, answer)
    return answer as Promise<T>
  }
  /** Whoever sorts its answer sorts a list of its own. */
  const list = async (question: readonly unknown[], ask: () => PromiseLike<unknown[]>) => [
    ...(await once(question, ask)),
  ]
  return tableOver({
    all: (path) => list(['all', path], () => (path ? table.orderBy(path) : table).toArray()),
    by: (path, key) => list(['by', path, key], () => table.where(path).equals(key).toArray()),
    get: (key) => once(['get', key], () => table.get(key)),
    count: () => once(['count'], () => table.count()),
  })
}

export function rememberingDb(db: PhoneDb): PhoneDb {
  const tables = new Map<string, ReturnType<typeof remembering>>()
  const tableOf = (name: string) => {
    const table = tables.get(name) ?? remembering(db, name)
    tables.set(name, table)
    return table
  }
  return { records: tableOf, meta: tableOf('meta') } as unknown as PhoneDb
}
