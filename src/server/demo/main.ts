/** `npm run demo`: a made-up bureau, served like the real thing. Reads flags and config, fills, listens, says who can sign in. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createApp } from '../app.ts'
import { blobFolder, ConfigTrouble, databasePath, readConfig, type Config } from '../config.ts'
import { listen, shutDownOn } from '../listen.ts'
import { dieWith, logProblem } from '../log.ts'
import { serveSite } from '../site.ts'
import { createFolderBlobs } from '../store/folder-blobs.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import { emptyDemoFolder, markDemoFolder, refuseOtherFolder } from './demo-folder.ts'
import { demoFilled, fillDemo } from './fill.ts'
import { printAddresses, printDataNote, printDemoAccounts } from './print.ts'

const USAGE = '用法：npm run demo [-- --fresh] [--bureau]。--fresh 重新生成示例，--bureau 用全规模示例。'

function readFlags(): { fresh: boolean; bureau: boolean } {
  try {
    const options = { fresh: { type: 'boolean' }, bureau: { type: 'boolean' } } as const
    const { values } = parseArgs({ options })
    return { fresh: values.fresh === true, bureau: values.bureau === true }
  } catch (problem) {
    throw new ConfigTrouble(`参数不对。${USAGE}`, { cause: problem })
  }
}

/** Another demo may be running on this folder: nothing is touched before the port is known to be free. */
async function checkPort(config: Config): Promise<void> {
  const { server } = await listen({ fetch: () => new Response('') }, config)
  await new Promise((done) => server.close(done))
}

async function main(): Promise<void> {
  const { fresh, bureau } = readFlags()
  const size = bureau ? 'bureau' : 'small'
  const config = readConfig(process.env, { dataDir: join('demo-data', size) })
  refuseOtherFolder(config.dataDir)
  await checkPort(config)
  if (fresh) emptyDemoFolder(config.dataDir)
  markDemoFolder(config.dataDir)
  const store = await openSqliteStore(databasePath(config.dataDir))
  const blobs = createFolderBlobs(blobFolder(config.dataDir))
  const now = Date.now()
  if ((await demoFilled(store)) === undefined && bureau) console.log('正在生成全规模示例，需要几秒……')
  const accounts = await fillDemo({ store, blobs, now, size })
  const filled = await demoFilled(store)
  const { publicUrl, maxFileBytes, filingNumber } = config
  const settings = { publicUrl, maxFileBytes, filingNumber, demo: true }
  const stopping = new AbortController()
  const app = createApp({ store, blobs, logProblem, settings, stopping: stopping.signal })
  if (!serveSite(app, join(import.meta.dirname, '../../../dist')))
    throw new ConfigTrouble('还没有构建应用。请运行 npm run demo，它会先构建。')
  const { server, port } = await listen(app, config)
  shutDownOn(['SIGINT', 'SIGTERM'], server, { stopping, close: () => store.close() })
  printAddresses({ port, hasTls: config.tls !== null, publicUrl })
  printDemoAccounts(accounts)
  printDataNote({ folder: config.dataDir, filledOn: filled?.date ?? '', now, size })
}

main().catch(dieWith)
