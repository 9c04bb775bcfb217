/** `npm start`: reads config, picks the store, listens, shuts down. No logic. */
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { createApp } from './app.ts'
import { claimStores } from './claim-stores.ts'
import { startHousekeeping } from './commands/upkeep/housekeeping.ts'
import { ConfigTrouble, readConfig } from './config.ts'
import { listen, shutDownOn } from './listen.ts'
import { dieWith, logProblem, outliveLogReaders } from './log.ts'
import { refuseDemoFolder } from './demo/demo-folder.ts'
import { openStores } from './open-stores.ts'
import { createFileJournal, journalPath } from './journal/journal-file.ts'
import { offerSetUp } from './routes/set-up.ts'
import { serveSite } from './site.ts'
import { startSweeping } from './store/sweep-blobs.ts'

async function main(): Promise<void> {
  outliveLogReaders()
  const config = readConfig(process.env, { dataDir: 'data' })
  refuseDemoFolder(config.dataDir)
  const { store, blobs, nudges, close } = await openStores(config)
  const claim = await claimStores(config, 'serving')
  const stopping = new AbortController()
  const { publicUrl, maxFileBytes, filingNumber, trustProxy } = config
  const app = createApp({
    store,
    blobs,
    nudges,
    journal: createFileJournal(journalPath(config.dataDir)),
    logProblem,
    stopping: stopping.signal,
    settings: { publicUrl, maxFileBytes, filingNumber, trustProxy },
  })
  if (!serveSite(app, join(import.meta.dirname, '../../dist')))
    throw new ConfigTrouble('还没有构建应用。请先运行 npm run build。')
  const { server, port } = await listen(app, config)
  const housekeeping = startHousekeeping(store, Date.now, undefined, (problem) =>
    logProblem(problem, 'housekeeping'),
  )
  const stopSweeping = startSweeping(store, blobs, (problem) => logProblem(problem, 'sweeping'))
  shutDownOn(['SIGINT', 'SIGTERM', 'SIGHUP'], server, {
    stopping,
    close: async () => {
      housekeeping.stop()
      stopSweeping()
      await claim.release()
      await close()
    },
  })
  const address =
    publicUrl === '' ? `${config.tls === null ? 'http' : 'https'}://localhost:${port}` : publicUrl
  console.log(`窗口先锋 已启动：${address}`)
  const code = await offerSetUp(store, (problem) => logProblem(problem, 'set-up'))
  if (code !== undefined)
    console.log(`第一次启动。请打开 ${address}/set-up ，用一次性设置码 ${code} 建立单位和第一位系统管理员。`)
  // What was compiled is kept now: who is killed keeps nothing at the end, and would begin as slowly again.
  flushCompileCache()
}

main().catch(dieWith)
