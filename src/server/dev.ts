/** `npm run dev`: app and endpoint on one port, with hot reload: Vite for the app, `node --watch` for the endpoint. */
import { getRequestListener } from '@hono/node-server'
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { createApp } from './app.ts'
import { blobFolder, databasePath, readConfig } from './config.ts'
import { markDemoFolder } from './demo/demo-folder.ts'
import { fillDemo } from './demo/fill.ts'
import { printDemoAccounts } from './demo/print.ts'
import { dieWith, logProblem } from './log.ts'
import { createFolderBlobs } from './store/folder-blobs.ts'
import { openSqliteStore } from './store/sqlite/sqlite-store.ts'

async function main(): Promise<void> {
  const { createServer: createVite } = await import('vite')
  const config = readConfig(process.env, { dataDir: 'demo-data/dev' })
  markDemoFolder(config.dataDir)
  const store = await openSqliteStore(databasePath(config.dataDir))
  const blobs = createFolderBlobs(blobFolder(config.dataDir))
  const accounts = await fillDemo({ store, blobs, now: Date.now(), size: 'small' })
  const app = createApp({ store, blobs, logProblem, settings: { demo: true } })
  const api = getRequestListener((request, env) => app.fetch(request, env))
  const server = createServer((request, response) => {
    if (/^\/(api\/|healthz|readyz|metrics)/.test(request.url ?? '')) void api(request, response)
    else vite.middlewares(request, response)
  })
  // Hot reload goes over the same port.
  const vite = await createVite({
    // Without a bundled copy beside it, which the watcher would take for a change.
    configLoader: 'native',
    root: resolve(import.meta.dirname, '../..'),
    server: { middlewareMode: true, hmr: { server } },
    appType: 'spa',
  })
  server.listen(config.port, () => {
    console.log(`窗口先锋 开发：http://localhost:${config.port}`)
    printDemoAccounts(accounts)
  })
}

main().catch(dieWith)
