/**
 * A real PostgreSQL for tests, from the npm registry: up in about a second, as root and as anybody else, with nothing installed.
 * Never left out silently: where it cannot run, the tests that need it fail with the reason.
 *
 * As root the server runs as `nobody` (PostgreSQL refuses to be root): its data lies in a temporary folder of that user, and
 * its programs are copied there when that user cannot reach node_modules. Text is sorted by a language's rules (ICU), as on
 * many real servers, so that whatever leans on byte order is found out.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import {
  childrenOf,
  guardAgainstOrphans,
  killIfThere,
  nativeFolder,
  newFolder,
  ownerOfServer,
  type Owner,
} from './postgres-machine.ts'

export interface TestPostgres {
  /** Of a database that is empty. */
  readonly url: string
  readonly port: number
  /** Another empty database on the same server. */
  newDatabase(): Promise<string>
  /** For looking in by hand, and for ending other connections. */
  query(text: string, values?: unknown[], url?: string): Promise<Record<string, unknown>[]>
  /** The server ends as at a restart of its machine: connections are told. */
  shutDown(): Promise<void>
  /** SIGKILL for all of its processes at once, as a machine dies: connections are cut without a word, no backend answers once more. */
  kill(): Promise<void>
  /** Up again, on the same port with the same data. */
  start(): Promise<void>
  restart(): Promise<void>
  /** Ends the server and removes its folder. Call it in afterAll. */
  stop(): Promise<void>
}

const SUPERUSER = 'hall'
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A test's machine does not lose its power, and what the system was told survives a SIGKILL.
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '120',
  log_min_messages: 'fatal',
  // Other time zone, other language: nothing may lean on either.
  timezone: 'Asia/Kathmandu',
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * @param settings over those of the tests: the benchmark wants `fsync` on
 * @throws with what the server said when it cannot be had
 */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const owner = ownerOfServer()
  const folder = newFolder(owner)
  const guard = guardAgainstOrphans(folder, owner)
  const native = nativeFolder(folder, owner)
  const data = join(folder, 'data')
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=zh-CN']
  execFileSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', SUPERUSER, '-A', 'trust', '--no-sync', '--no-instructions', ...locale],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const port = await freePort()
  const server = createServerProcess({
    program: join(native, 'bin/postgres'),
    data,
    port,
    folder,
    owner,
    settings: { ...SETTINGS, ...settings },
  })
  await server.start()

  const urlOf = (database: string) => `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`
  const query = async (text: string, values: unknown[] = [], url = urlOf('postgres')) => {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  let databases = 0
  const newDatabase = async () => {
    const name = `hall_${++databases}`
    await query(`create database ${name} template template0 strategy file_copy`)
    return urlOf(name)
  }
  return {
    url: await newDatabase(),
    port,
    newDatabase,
    query,
    ...server,
    restart: async () => {
      await server.shutDown()
      await server.start()
    },
    stop: async () => {
      guard.kill('SIGKILL')
      await server.shutDown()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

interface ServerOptions {
  program: string
  data: string
  port: number
  folder: string
  owner: Owner | undefined
  settings: Readonly<Record<string, string>>
}

function createServerProcess({ program, data, port, folder, owner, settings }: ServerOptions) {
  let child: ChildProcess | undefined
  const launch = async (): Promise<string | undefined> => {
    const words = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const started = spawn(program, ['-D', data, ...words], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    started.stderr.on('data', (text: Buffer) => void (said += text.toString()))
    const ended = once(started, 'exit').then(() => 'ended' as const)
    for (;;) {
      if (await answers(port)) break
      const end = await Promise.race([ended, pause(20)])
      if (end === 'ended') return said
    }
    child = started
    // Nobody waits for it at the end of a run: the guard sees to it.
    started.unref()
    ;(started.stderr as Socket).unref()
    return undefined
  }
  const end = async (signal: NodeJS.Signals) => {
    const running = child
    child = undefined
    if (running === undefined) return
    running.ref()
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
  }
  return {
    start: async () => {
      if (child !== undefined) return
      // After a SIGKILL the old backends need a moment to notice.
      let said: string | undefined
      for (let attempt = 0; attempt < 50; attempt++) {
        said = await launch()
        if (said === undefined) return
        await pause(100)
      }
      throw new Error(`PostgreSQL does not start: ${said}`)
    },
    /** Fast: sessions are ended with 57P01, nothing is waited for. */
    shutDown: () => end('SIGINT'),
    kill: async () => {
      const pid = child?.pid
      if (pid === undefined) return
      // Nobody is born any more while its children are counted.
      process.kill(pid, 'SIGSTOP')
      const backends = childrenOf(pid)
      const ended = end('SIGKILL')
      for (const backend of backends) killIfThere(backend)
      await ended
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ host: '127.0.0.1', port, user: SUPERUSER, database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    // Not yet: whoever asks looks at the process too.
    return false
  }
}
