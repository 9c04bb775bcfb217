/** A SQLite store with a bureau, a file and so many opinions, as the operator's programs find it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { layBureau } from '../../support/endpoint.ts'

/** @param mark tells one store from another @returns the hash of its one file */
export async function fillStore(dataDir: string, notes: number, mark: string): Promise<string> {
  mkdirSync(dataDir, { recursive: true })
  const store = await openSqliteStore(join(dataDir, 'window-hall.sqlite'))
  const blobs = createFolderBlobs(join(dataDir, 'blobs'))
  let ids = 0
  await layBureau(store, { now: Date.now(), newId: () => `${mark}-${++ids}`, people: [] })
  const sha256 = await blobs.put(new TextEncoder().encode(`file of ${mark}`))
  await store.write([], async (tx) => {
    await tx.putBlob({ sha256, sizeBytes: `file of ${mark}`.length, mime: 'text/plain', complete: true })
    for (let at = 0; at < notes; at++) {
      const record = {
        type: 'opinion',
        id: `${mark}-${at}`,
        ...(await tx.nextRevision(`file:root:${at % 7}`)),
        schemaVersion: 1,
        deleted: false,
        fields: JSON.stringify({ personId: String(at % 7), text: `${mark} `.repeat(40) }),
        author: String(at % 7),
        observedAt: at,
        receivedAt: at,
        hash: null,
        clocks: null,
        history: null,
        person: String(at % 7),
        subject: null,
      }
      await tx.putRecord(record)
    }
  })
  await store.close()
  return sha256
}
