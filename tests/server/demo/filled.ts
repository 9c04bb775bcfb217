/** A small demo in memory, made once for a test file: nobody writes to it afterwards. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillDemo, type DemoSize } from '../../../src/server/demo/fill.ts'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'

/** Wednesday 25 November 2026, 10:00 in China. */
export const WEDNESDAY = Date.parse('2026-11-25T02:00:00Z')

export async function fillFresh({ now = WEDNESDAY, size = 'small' as DemoSize } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-demo-'))
  const store = await openSqliteStore(':memory:')
  const blobs = createFolderBlobs(join(folder, 'blobs'))
  const accounts = await fillDemo({ store, blobs, now, size })
  return {
    store,
    blobs,
    accounts,
    now,
    fillAgain: (later: number, other: DemoSize = size) => fillDemo({ store, blobs, now: later, size: other }),
    all: (...types: string[]) =>
      store.read((tx) => tx.records({ types: types.length === 0 ? definitions.map((d) => d.type) : types })),
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type FilledDemo = Awaited<ReturnType<typeof fillFresh>>
