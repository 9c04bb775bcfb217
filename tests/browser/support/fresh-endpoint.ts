/** The built app and an endpoint that nobody has set up: what a first start serves, with the code that it prints. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../src/server/app.ts'
import { listen } from '../../../src/server/listen.ts'
import { offerSetUp } from '../../../src/server/routes/set-up.ts'
import { serveSite } from '../../../src/server/site.ts'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { distFolder } from './served-hall.ts'

export async function serveFresh() {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-fresh-'))
  const store = await openSqliteStore(join(folder, 'store.sqlite'))
  const problems: unknown[] = []
  const app = createApp({
    store,
    blobs: createFolderBlobs(join(folder, 'blobs')),
    logProblem: (problem) => void problems.push(problem),
  })
  serveSite(app, distFolder())
  const { server, port } = await listen(app, { port: 0, host: '127.0.0.1', tls: null })
  const code = await offerSetUp(store, (problem) => {
    throw problem
  })
  if (code === undefined) throw new Error('a fresh store offers a set-up code')
  return {
    url: `http://localhost:${port}`,
    code,
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
export type FreshEndpoint = Awaited<ReturnType<typeof serveFresh>>
