/** RxDB 17 on its free Dexie storage, with its own replication over HTTP as the manual has it. */
import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'
import { measured, type Measured } from './measure.ts'

const BATCH = 2000
const text = (maxLength: number) => ({ type: 'string', maxLength })
const count = { type: 'number' }
const SCHEMA = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(100),
    type: text(40),
    scope: text(160),
    rev: count,
    schemaVersion: count,
    fields: { type: 'object' },
    author: text(64),
    observedAt: count,
    receivedAt: count,
    pending: { type: 'number', minimum: 0, maximum: 1, multipleOf: 1 },
    week: text(10),
    lessonId: text(64),
  },
  required: ['id', 'scope', 'pending', 'week', 'lessonId'],
  indexes: ['scope', 'pending', 'week', 'lessonId'],
}

let collection: RxCollection | undefined
let replication: ReturnType<typeof replicateRxCollection> | undefined

export async function open(): Promise<void> {
  const database = await createRxDatabase({
    name: 'rx-peer',
    storage: getRxStorageDexie({ chromeTransactionDurability: 'strict' }),
    multiInstance: false,
  })
  collection = (await database.addCollections({ rows: { schema: SCHEMA } })).rows!
}

async function pull(checkpoint: { after: number } | undefined, batchSize: number): Promise<unknown> {
  const response = await fetch(`/rx/pull?after=${checkpoint?.after ?? 0}&limit=${batchSize}`)
  return response.json()
}

async function push(rows: unknown): Promise<unknown> {
  const response = await fetch('/rx/push', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rows),
  })
  return response.json()
}

function replicate() {
  const started = replicateRxCollection({
    collection,
    replicationIdentifier: 'bench',
    live: true,
    retryTime: 1000,
    pull: { handler: pull, batchSize: BATCH },
    push: { handler: push, batchSize: 200 },
  })
  started.error$.subscribe((problem) => console.error(problem))
  return started
}

export function sync(): Promise<Measured<number>> {
  return measured(async (sample) => {
    replication = replicate()
    await replication.awaitInitialReplication()
    sample()
    return 0
  })
}

/** One round with nothing new: replication begins again from its checkpoint. */
export async function again(): Promise<Measured<number>> {
  await replication?.cancel()
  return sync()
}

export async function digest(): Promise<Digest> {
  const digest = emptyDigest()
  for (const document of await collection!.find().exec()) {
    const { type, id, scope, rev, fields } = document.toJSON() as never as {
      type: string
      id: string
      scope: string
      rev: number
      fields: unknown
    }
    addToDigest(digest, type, { id, scope, rev, fields })
  }
  return digest
}

export async function write(documents: object[]): Promise<void> {
  await replication?.cancel()
  await collection!.bulkInsert(documents)
}

export function pushNow(): Promise<Measured<number>> {
  return measured(async () => {
    replication = replicate()
    await replication.awaitInSync()
    return 0
  })
}
