/** What a person is told of a DATABASE_URL: where it points, never its password. And why the database can't be used, in a sentence. */
import { Client, DatabaseError } from 'pg'
import { codeOf, kindOf } from './failures.ts'

export interface Address {
  /** `host:port`, or the folder of a socket. */
  place: string
  database: string
  user: string
}

export function addressOf(url: string): Address {
  // The driver's own reading: what it connects to is what is told.
  const { host, port, database, user } = new Client({ connectionString: url })
  return {
    place: host.startsWith('/') ? host : `${host}:${port}`,
    database: database ?? '',
    user: user ?? '',
  }
}

const SENTENCES: Readonly<Record<string, (a: Address) => string>> = {
  '28P01': (a) => `数据库 ${a.place} 没有接受用户 ${a.user} 的密码。请检查 DATABASE_URL。`,
  '28000': (a) => `数据库 ${a.place} 不让用户 ${a.user} 登录。请检查 DATABASE_URL 和数据库的 pg_hba.conf。`,
  '3D000': (a) =>
    `数据库 ${a.place} 上没有名为 ${a.database} 的库。请先建库（编码 UTF8），或改 DATABASE_URL。`,
  '42501': (a) => `用户 ${a.user} 在库 ${a.database} 里没有建表的权限。请让它成为库的所有者。`,
  '53300': (a) => `数据库 ${a.place} 的连接数已满。请减小 DATABASE_POOL，或放宽数据库的 max_connections。`,
}

/** One sentence for the person who starts the endpoint. */
export function sentenceOf(problem: unknown, url: string): string {
  const address = addressOf(url)
  const code = codeOf(problem)
  const known = SENTENCES[code]
  if (known !== undefined) return known(address)
  const isOurs = problem instanceof DatabaseError && kindOf(problem) === 'other'
  if (isOurs)
    return `数据库 ${address.place} 上的库 ${address.database} 用不了（${code}）。请给窗口先锋一个专用的空库。`
  const reason = code === '' ? '没有回答' : code
  return `连不上数据库 ${address.place}（${reason}）。请检查 DATABASE_URL，并确认数据库已启动。`
}
