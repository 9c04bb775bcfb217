/** `npm start`: reads config, picks the store, listens, shuts down. No logic. */
import { join } from 'node:path'
import { createApp } from './app.ts'
import { blobFolder, ConfigTrouble, databasePath, readConfig } from './config.ts'
import { listen, shutDownOn } from './listen.ts'
import { dieWith, logProblem } from './log.ts'
import { refuseDemoFolder } from './demo/demo-folder.ts'
import { offerSetUp } from './routes/set-up.ts'
import { serveSite } from './site.ts'
import { createFolderBlobs } from './store/folder-blobs.ts'
import { openSqliteStore } from './store/sqlite-store.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env, { dataDir: 'data' })
  refuseDemoFolder(config.dataDir)
  const store = await openSqliteStore(databasePath(config.dataDir))
  const blobs = createFolderBlobs(blobFolder(config.dataDir))
  const { publicUrl, maxFileBytes, filingNumber, trustProxy } = config
  const app = createApp({
    store,
    blobs,
    logProblem,
    settings: { publicUrl, maxFileBytes, filingNumber, trustProxy },
  })
  if (!serveSite(app, join(import.meta.dirname, '../../dist')))
    throw new ConfigTrouble('还没有构建应用。请先运行 npm run build。')
  const { server, port } = await listen(app, config)
  shutDownOn(['SIGINT', 'SIGTERM'], server, () => store.close())
  const address =
    publicUrl === '' ? `${config.tls === null ? 'http' : 'https'}://localhost:${port}` : publicUrl
  console.log(`窗口先锋 已启动：${address}`)
  const code = await offerSetUp(store)
  if (code !== undefined)
    console.log(`第一次启动。请打开 ${address}/set-up ，用一次性设置码 ${code} 建立单位和第一位管理员。`)
}

main().catch(dieWith)
