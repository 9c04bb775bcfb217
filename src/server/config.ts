/** What the environment says, checked once at the start. @throws ConfigTrouble with one clear sentence */
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'

export class ConfigTrouble extends Error {
  override name = 'ConfigTrouble'
}

export interface Config {
  port: number
  /** Address to listen on; empty: all. */
  host: string
  dataDir: string
  /** `DATABASE_URL`: PostgreSQL for records and files; null: SQLite and a folder in `dataDir`. */
  database: { url: string; connections: number; waitMs: number } | null
  publicUrl: string
  tls: { cert: string; key: string } | null
  maxFileBytes: number
  filingNumber: string
  /** `TRUST_PROXY=1`: take the phone's address from the proxy's X-Forwarded-For. */
  trustProxy: boolean
}

type Environment = Record<string, string | undefined>

const DEFAULT_PORT = 8080

export function readConfig(env: Environment, defaults: { dataDir: string }): Config {
  return {
    port: portOf(env.PORT),
    host: env.HOST ?? '',
    dataDir: folderOf(env.DATA_DIR || defaults.dataDir),
    database: databaseOf(env),
    publicUrl: publicUrlOf(env.PUBLIC_URL),
    tls: tlsOf(env.TLS_CERT, env.TLS_KEY),
    maxFileBytes: megabytesOf(env.MAX_FILE_MB) * 1024 * 1024,
    filingNumber: env.FILING_NUMBER ?? '',
    trustProxy: env.TRUST_PROXY === '1',
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigTrouble(`PORT 应为 0 到 65535 的整数，现在是“${text}”。`)
  return port
}

function megabytesOf(text: string | undefined): number {
  const size = Number(text || 50)
  if (!Number.isFinite(size) || size <= 0 || size > 2000)
    throw new ConfigTrouble(`MAX_FILE_MB 应为 1 到 2000 的数，现在是“${text}”。`)
  return size
}

/** Never repeats the address: it holds a password. */
function databaseOf(env: Environment): Config['database'] {
  const url = env.DATABASE_URL ?? ''
  if (url === '') return null
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new ConfigTrouble(
      'DATABASE_URL 应为 postgres:// 或 postgresql:// 开头的地址，例如 postgres://hall:密码@db:5432/hall。',
    )
  return {
    url,
    connections: wholeOf(env.DATABASE_POOL, { name: 'DATABASE_POOL', usual: 10, least: 2, most: 200 }),
    waitMs: 1000 * wholeOf(env.DATABASE_WAIT, { name: 'DATABASE_WAIT', usual: 0, least: 0, most: 3600 }),
  }
}

function wholeOf(
  text: string | undefined,
  { name, usual, least, most }: { name: string; usual: number; least: number; most: number },
): number {
  if (text === undefined || text === '') return usual
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number > most)
    throw new ConfigTrouble(`${name} 应为 ${least} 到 ${most} 的整数，现在是“${text}”。`)
  return number
}

function publicUrlOf(text: string | undefined): string {
  if (text === undefined || text === '') return ''
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new ConfigTrouble(`PUBLIC_URL 应为 http:// 或 https:// 开头的地址，现在是“${text}”。`)
  return text
}

/** The folder is made when it isn't there. */
function folderOf(path: string): string {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (problem) {
    const reason = (problem as NodeJS.ErrnoException).code ?? String(problem)
    throw new ConfigTrouble(`数据文件夹不能写入：${folder}（${reason}）。请改 DATA_DIR，或放开权限。`, {
      cause: problem,
    })
  }
  return folder
}

function tlsOf(certPath: string | undefined, keyPath: string | undefined): Config['tls'] {
  if ((certPath ?? '') === '' && (keyPath ?? '') === '') return null
  if (!certPath || !keyPath) throw new ConfigTrouble('TLS_CERT 与 TLS_KEY 须同时给出。')
  try {
    const pair = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') }
    createSecureContext(pair)
    return pair
  } catch (problem) {
    throw new ConfigTrouble(`证书或私钥读不到，或不能用：${(problem as Error).message}。`, { cause: problem })
  }
}

export const databasePath = (dataDir: string): string => join(dataDir, 'window-hall.sqlite')
export const blobFolder = (dataDir: string): string => join(dataDir, 'blobs')
