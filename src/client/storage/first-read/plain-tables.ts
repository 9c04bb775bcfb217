/**
 * The few questions that the first screen asks of the database, answered by the browser itself. By their names and answers they are
 * Dexie's, so that one reading serves both: what it asks beyond them fails, and is then read in the ordinary way.
 */
const answerOf = <T>(ask: () => IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    // What throws rejects, as Dexie's do: of several questions at once each is waited for.
    const request = ask()
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })

interface Rows {
  toArray(): Promise<unknown[]>
  filter(keeps: (row: unknown) => boolean): Rows
  reverse(): Rows
  first(): Promise<unknown>
  count(): Promise<number>
}

const rowsBy = (toArray: () => Promise<unknown[]>): Rows => ({
  toArray,
  filter: (keeps) => rowsBy(async () => (await toArray()).filter(keeps)),
  reverse: () => rowsBy(async () => (await toArray()).reverse()),
  first: async () => (await toArray())[0],
  count: async () => (await toArray()).length,
})

/** What a table is asked: of rows as the database sorts them. */
export interface Answers {
  /** In the order of an index, or of their keys. */
  all(path?: string): Promise<unknown[]>
  by(path: string, key: string): Promise<unknown[]>
  get(key: string): Promise<unknown>
  count(): Promise<number>
}

export const tableOver = ({ all, by, get, count }: Answers) => ({
  ...rowsBy(() => all()),
  count,
  get,
  bulkGet: (keys: readonly string[]) => Promise.all(keys.map(get)),
  orderBy: (path: string) => rowsBy(() => all(path)),
  where: (path: string) => ({
    equals: (key: string) => rowsBy(() => by(path, key)),
    anyOf: (keys: readonly string[]) =>
      // As the database sorts texts.
      rowsBy(async () => (await Promise.all([...new Set(keys)].sort().map((key) => by(path, key)))).flat()),
  }),
})

export const plainTable = (store: IDBObjectStore) =>
  tableOver({
    all: (path) => answerOf<unknown[]>(() => (path ? store.index(path) : store).getAll()),
    // Without a key, as half a row may have none, the browser would answer all rows; what is no number is no key and throws.
    by: (path, key) => answerOf<unknown[]>(() => store.index(path).getAll(key ?? Number.NaN)),
    get: (key) => answerOf<unknown>(() => store.get(key)),
    count: () => answerOf(() => store.count()),
  })
