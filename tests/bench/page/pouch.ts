/** PouchDB 9 as its manual has it: the default browser store, one-shot replication. */
import PouchDB from 'pouchdb'
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'
import { measured, type Measured } from './measure.ts'

/** Larger batches than its default of 100 serve it better here. */
const OPTIONS = { batch_size: 1000, batches_limit: 4 }

const local = new PouchDB('peer', { auto_compaction: false })
const remote = () => new PouchDB(`${location.origin}/pouch/bench`, { skip_setup: true })

export async function open(): Promise<void> {
  await local.info()
}

export function sync(): Promise<Measured<number>> {
  return measured(async (sample) => {
    const done = await local.replicate.from(remote(), OPTIONS)
    sample()
    return done.docs_written
  })
}

export async function digest(): Promise<Digest> {
  const digest = emptyDigest()
  let startkey = ''
  for (;;) {
    const { rows } = await local.allDocs({
      include_docs: true,
      limit: 2000,
      startkey,
      skip: startkey === '' ? 0 : 1,
    })
    for (const { doc } of rows) {
      const { type, id, scope, rev, fields } = doc as never as {
        type: string
        id: string
        scope: string
        rev: number
        fields: unknown
      }
      addToDigest(digest, type, { id, scope, rev, fields })
    }
    if (rows.length < 2000) return digest
    startkey = rows.at(-1)!.id
  }
}

export async function write(documents: { id: string }[]): Promise<void> {
  await local.bulkDocs(documents.map((document) => ({ _id: `new/${document.id}`, ...document })))
}

export function push(): Promise<Measured<number>> {
  return measured(async () => (await local.replicate.to(remote(), OPTIONS)).docs_written)
}
