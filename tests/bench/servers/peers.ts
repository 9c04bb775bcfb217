/**
 * What stands beside us: the floor (pages made beforehand, sent as they are), RxDB's small pull and push endpoint, and PouchDB
 * behind express-pouchdb. All in memory: nothing of theirs waits for a disk.
 */
import { createRequire } from 'node:module'
import express from 'express'
import PouchDB from 'pouchdb-core'
import expressPouchDB from 'express-pouchdb'
import type { Server } from 'node:http'
import { addToDigest, emptyDigest } from '../fill/digest.ts'
import { FIRST_BRANCH } from '../fill/fill-store.ts'
import { recordOf } from '../fill/records.ts'
import { answerParent } from '../support/child.ts'
import { createCounting } from '../support/counting.ts'
import { openBenchStores, type StorePlace } from '../support/open-store.ts'
import { loadPlainRows, type PlainRow } from '../support/plain-rows.ts'
import { createRxEndpoint } from './rx-endpoint.ts'
import { createPlainInsert } from './plain-insert.ts'

export interface PeersSetup {
  place: StorePlace
  page: string
  pouch: boolean
}

const FLOOR_PAGE = 2000
const require = createRequire(import.meta.url)
for (const plugin of ['adapter-memory', 'adapter-http', 'replication', 'mapreduce'])
  PouchDB.plugin(require(`pouchdb-${plugin}`) as never)

let counting: ReturnType<typeof createCounting> | undefined

/** Pages as the phone would keep them, by table: the browser has nothing to do but parse and put. */
function floorPages(rows: readonly PlainRow[]): Buffer[] {
  const pages: Buffer[] = []
  for (let at = 0; at < rows.length; at += FLOOR_PAGE) {
    const tables: Record<string, unknown[]> = {}
    for (const { type, ...row } of rows.slice(at, at + FLOOR_PAGE))
      (tables[type] ??= []).push({ ...row, pending: 0 })
    pages.push(Buffer.from(JSON.stringify(tables)))
  }
  return pages
}

async function fillPouch(rows: readonly PlainRow[]): Promise<void> {
  const database = new PouchDB('bench', { adapter: 'memory' })
  for (let at = 0; at < rows.length; at += FLOOR_PAGE)
    await database.bulkDocs(
      rows.slice(at, at + FLOOR_PAGE).map((row) => ({ _id: `${row.type}/${row.id}`, ...row })),
    )
}

let rows: PlainRow[] = []
let hasPouch = false

answerParent({
  start: async ({ place, page, pouch }: PeersSetup) => {
    const { store, close } = await openBenchStores(place)
    rows = await loadPlainRows(store)
    hasPouch = pouch
    await close()
    const pages = floorPages(rows)
    const app = express()
    app.use((request, response, next) => {
      const from = performance.now()
      response.on('finish', () => counting?.note(request.path, performance.now() - from))
      next()
    })
    app.get('/floor/pages/:index', (request, response) => {
      const body = pages[Number(request.params.index)]
      response.type('application/json').send(body ?? '{}')
    })
    app.use('/rx', createRxEndpoint(rows))
    app.use('/plain', createPlainInsert(place.folder))
    const Memory = PouchDB.defaults({ adapter: 'memory' })
    // Its own folders for logs and config stay out of the tree.
    const pouchApp = expressPouchDB(Memory, {
      mode: 'minimumForPouchDB',
      inMemoryConfig: true,
      logPath: '/dev/null',
    })
    if (pouch) await fillPouch(rows)
    app.use('/pouch', pouchApp)
    app.use(express.static(page))
    const server: Server = await new Promise((resolve) => {
      const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening))
    })
    counting = createCounting(server)
    return { port: (server.address() as { port: number }).port }
  },
  /** What somebody else wrote meanwhile. */
  append: async ({ from, to }: { from: number; to: number }) => {
    const [sample] = rows
    if (sample === undefined) throw new Error('nothing is held')
    const fresh: PlainRow[] = []
    for (let number = from; number < to; number++) {
      const { type, id, fields } = recordOf(number, FIRST_BRANCH)
      fresh.push({ ...sample, type, id, fields, rev: rows.length + fresh.length + 1 })
    }
    rows.push(...fresh)
    if (hasPouch) await fillPouch(fresh)
  },
  digest: () => {
    const digest = emptyDigest()
    for (const row of rows) addToDigest(digest, row.type, row)
    return digest
  },
  counts: () => counting!.read(),
  reset: () => counting!.reset(),
})

process.on('SIGTERM', () => process.exit(0))
