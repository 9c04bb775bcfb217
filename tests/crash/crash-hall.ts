/** The endpoint as a process on data that outlive it: SIGKILLed and started again, each time on another port. */
import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { databasePath } from '../../src/server/config.ts'
import { openStores, type Stores } from '../../src/server/open-stores.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { Running, Tree } from '../server/process/program.ts'
import { connect, layBureau, type Connection, type TestEndpoint } from '../support/endpoint.ts'
import type { TestPostgres } from '../support/postgres.ts'
import { NOBODY } from './load.ts'

export type Engine = 'sqlite' | 'postgres'

/** The program tree and the database server: made once, used by one hall after the other. */
export interface Ground {
  engine: Engine
  tree: Tree
  postgres: TestPostgres | undefined
}

/** Nobody waits longer for an answer than a phone does. */
const ANSWER_MS = 30_000
export const LESSONS = ['一', '二', '三', '四'].map((name) => ({
  id: idFrom('crash', 'lesson', name),
  title: `第${name}课`,
}))

export type CrashHall = Awaited<ReturnType<typeof createCrashHall>>

export async function createCrashHall({ engine, tree, postgres }: Ground, name: string) {
  const dataDir = tree.path(`data-${name}`)
  mkdirSync(dataDir)
  const url = await postgres?.newDatabase()
  const env: Record<string, string> = {
    DATA_DIR: dataDir,
    ...(url === undefined ? {} : { DATABASE_URL: url, DATABASE_POOL: '6' }),
  }
  const database = url === undefined ? null : { url, connections: 3, waitMs: 0 }
  /** The test's own look into it. */
  const open = (): Promise<Stores> => openStores({ dataDir, database })
  let running: Running | undefined
  let address: string | undefined

  const spawn = () => (running = tree.start('main.ts', [], env))
  const end = async (signal: NodeJS.Signals) => {
    if (running === undefined) throw new Error('no process to end')
    const { child, ended } = running
    if (child.exitCode !== null) throw new Error(`the endpoint ended by itself: ${(await ended).stderr}`)
    child.kill(signal)
    const result = await ended
    running = address = undefined
    return result
  }
  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    if (address === undefined) throw new TypeError(NOBODY)
    return fetch(address + path, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })
  }

  return {
    engine,
    open,
    lay: async () => {
      const stores = await open()
      await lay(stores)
      await stores.close()
    },
    start: async () => {
      const said = await spawn().says(/已启动/)
      address = /http:\/\/localhost:\d+/.exec(said)![0].replace('localhost', '127.0.0.1')
    },
    kill: () => end('SIGKILL'),
    /** On its way up, or just there. */
    killAtStart: async (afterMs: number) => {
      spawn()
      await pause(afterMs)
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    isUp: () => running !== undefined && running.child.exitCode === null && running.child.signalCode === null,
    /** How a process that ended by itself did so, and what it had said. */
    lastWords: async (): Promise<string> => {
      if (running === undefined) return 'no endpoint was running'
      const { code, signal, stderr } = await running.ended
      return `the endpoint had ended by itself (code ${code}, signal ${signal}): ${stderr}`
    },
    connect: (staffNo: string): Promise<Connection> =>
      connect({ app: { request } } as unknown as TestEndpoint, staffNo),
    /** `npm run admin -- verify` */
    verify: () => tree.run('cli.ts', ['verify'], env),
    /** What SQLite finds wrong in its file; PostgreSQL has nothing of the kind that needs no extension. */
    integrity: (): string[] => {
      if (engine === 'postgres') return []
      const file = new DatabaseSync(databasePath(dataDir))
      const rows = file.prepare('pragma integrity_check').all() as { integrity_check: string }[]
      file.close()
      return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
    },
    sqlitePath: databasePath(dataDir),
  }
}

async function lay({ store }: Stores): Promise<void> {
  let ids = 0
  const now = Date.now()
  await layBureau(store, { now, newId: () => idFrom('crash', String(++ids)) })
  await store.write([], async (tx) => {
    for (const { id, title } of LESSONS) {
      const fields = {
        issueId: id,
        unitId: null,
        week: '2026-W47',
        columnId: 'c',
        title,
        body: '正文',
        publishAt: now,
      }
      await putRecord(tx, { type: 'lesson', id, fields, author: 'test', now })
    }
  })
}
