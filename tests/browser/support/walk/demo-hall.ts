/** The built app and the real endpoint with the small demo bureau: names, states and texts as they are in use. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../../src/server/app.ts'
import { fillDemo, type DemoFill } from '../../../../src/server/demo/fill.ts'
import { listen } from '../../../../src/server/listen.ts'
import { serveSite } from '../../../../src/server/site.ts'
import { createFolderBlobs } from '../../../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../../../src/server/store/sqlite/sqlite-store.ts'
import { distFolder } from '../served-hall.ts'

interface DemoOptions {
  now?: () => number
  /** What the store is filled with: the small demo bureau unless told. */
  fill?: (given: Omit<DemoFill, 'size'>) => Promise<unknown>
}

export async function serveDemo(options: DemoOptions = {}) {
  const { now = Date.now, fill = (given) => fillDemo({ ...given, size: 'small' }) } = options
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-demo-'))
  const store = await openSqliteStore(join(folder, 'hall.sqlite'))
  const blobs = createFolderBlobs(join(folder, 'files'))
  const problems: unknown[] = []
  await fill({ store, blobs, now: now() })
  const app = createApp({ store, blobs, now, logProblem: (problem) => void problems.push(problem) })
  if (!serveSite(app, distFolder())) throw new Error('build the app first: npx vite build')
  const { server, port } = await listen(app, { port: 0, host: '127.0.0.1', tls: null })
  return {
    url: `http://localhost:${port}`,
    store,
    problems,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type DemoHall = Awaited<ReturnType<typeof serveDemo>>
