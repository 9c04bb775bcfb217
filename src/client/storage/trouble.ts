/**
 * What can go wrong when something is kept on the phone, as the person reads it. A lost connection (an iPhone that comes
 * back from the background) is mended once by reopening; whatever remains is told, never swallowed.
 */
import type { Over, PhoneDb } from './db.ts'

export type StorageTroubleKind =
  | 'quota'
  | 'lost-connection'
  | 'private-mode'
  | 'blocked'
  | 'closed'
  | 'outdated'
  | 'wiped'
  | 'damaged'
  | 'part-missing'
  | 'other'

const SENTENCES: Record<StorageTroubleKind, string> = {
  quota: '手机空间不足，没有存下。请到“我的 · 本机内容”清理已下载的文件，再保存一次。',
  'lost-connection': '手机暂时读不到本机数据。若正在保存，这一次没有存下。请关闭后重新打开本应用，再试一次。',
  'private-mode': '当前浏览器不允许保存数据（可能是无痕模式），没有存下。请换用普通模式打开。',
  blocked: '本应用在另一个窗口里正在更新，没有存下。请关闭其他窗口后再试。',
  closed:
    '本机数据已关闭（可能已在另一个窗口里退出登录）。若正在保存，这一次没有存下。请关闭后重新打开本应用。',
  outdated:
    '本应用已在另一个窗口里更新，这个窗口还是旧版本，没有存下。请先抄下正在写的内容，再重新打开本应用。',
  wiped: '本机数据刚被浏览器清除，没有存下。请先抄下正在写的内容，再重新打开本应用；已送达的会重新下载。',
  damaged: '本机有一处数据读不出来，正在重新下载。若正在保存，这一次没有存下。请稍候再试一次。',
  'part-missing':
    '本应用还有一部分没有下载到本机，没有存下。请先抄下正在写的内容，连上网络后重新打开本应用。',
  other: '没有存下。请再试一次；若仍不行，请先抄下内容，再告诉系统管理员。',
}

/** Thrown by writes and reads of the phone's database. `message` is a Chinese sentence that says what to do. */
export class StorageTrouble extends Error {
  readonly type = 'storage-trouble'
  readonly kind: StorageTroubleKind

  constructor(kind: StorageTroubleKind, cause: unknown) {
    super(SENTENCES[kind], { cause })
    this.name = 'StorageTrouble'
    this.kind = kind
  }
}

/** Thrown before anything is written: a field that the definition does not accept. */
export class InvalidFields extends Error {
  readonly type = 'invalid-fields'
  /** Dotted path of the first bad field; empty when it is the whole. */
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.name = 'InvalidFields'
    this.path = path
  }
}

interface NamedError {
  name?: unknown
  message?: unknown
  inner?: unknown
  /** Of a bulk write: of each row that failed. */
  failures?: unknown
}

/** Dexie wraps the browser's error; the one that names the reason may be one or two levels down. */
function chainOf(error: unknown): { name: string; message: string }[] {
  const chain: { name: string; message: string }[] = []
  let at: unknown = error
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth++) {
    const { name, message, inner, failures } = at as NamedError
    chain.push({ name: String(name ?? ''), message: String(message ?? '') })
    at = inner ?? (Array.isArray(failures) ? failures[0] : undefined)
  }
  return chain
}

export function troubleKindOf(error: unknown): StorageTroubleKind {
  if (error instanceof StorageTrouble) return error.kind
  const chain = chainOf(error)
  const named = (...names: string[]) => chain.some((e) => names.includes(e.name))
  const says = (text: RegExp) => chain.some((e) => text.test(e.message))
  if (named('QuotaExceededError')) return 'quota'
  // Firefox and old Safari in private windows open the database and refuse every write.
  if (says(/did not allow mutations/i)) return 'private-mode'
  if (says(/connection to indexed database server lost|connection is closing|connection was lost/i))
    return 'lost-connection'
  if (named('DatabaseClosedError', 'InvalidStateError', 'TransactionInactiveError')) return 'lost-connection'
  // What lies on the disk is of a newer version than this window's.
  if (named('VersionError')) return 'outdated'
  if (named('BlockedError')) return 'blocked'
  if (named('MissingAPIError', 'SecurityError')) return 'private-mode'
  // Chrome keeps large values in files of their own, and loses them singly.
  if (named('DataError', 'NotReadableError', 'DataCloneError')) return 'damaged'
  if (says(/failed to read large indexeddb value|data lost due to missing file/i)) return 'damaged'
  // Nothing of it was written, and no other reason is told: its page was set aside, see let-go.ts.
  if (chain.at(-1)?.name === 'AbortError') return 'lost-connection'
  return 'other'
}

const KIND_OF_OVER = { left: 'closed', deleted: 'closed', outdated: 'outdated', wiped: 'wiped' } as const

/** @param over why the database ended; null for one that tells no reason */
export const kindOfOver = (over: Over | null): StorageTroubleKind =>
  over === null ? 'closed' : KIND_OF_OVER[over]

/** Errors of our own pass as they are. */
export function toTrouble(error: unknown): Error {
  if (error instanceof StorageTrouble || error instanceof InvalidFields) return error
  return new StorageTrouble(troubleKindOf(error), error)
}

/**
 * Runs database work; after a lost connection reopens once and runs it again, but never a database that was closed for
 * good. The work must be one transaction, or safe to
 * repeat.
 * @throws StorageTrouble
 */
export async function guarded<T>(db: PhoneDb, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StorageTrouble || error instanceof InvalidFields) throw error
    if (db.isOver) throw new StorageTrouble(kindOfOver(db.over ?? null), error)
    if (troubleKindOf(error) !== 'lost-connection') throw toTrouble(error)
  }
  try {
    db.close({ disableAutoOpen: false })
    await db.open()
    return await work()
  } catch (error) {
    throw db.isOver ? new StorageTrouble(kindOfOver(db.over ?? null), error) : toTrouble(error)
  }
}

/** Writes and reads back one value: says at the start, not at the first signature, that nothing can be kept here. */
export async function probeStorage(db: PhoneDb): Promise<StorageTrouble | null> {
  try {
    const row = await guarded(db, async () => {
      await db.meta.put({ key: 'probe', value: 1 })
      return await db.meta.get('probe')
    })
    return row?.value === 1 ? null : new StorageTrouble('other', undefined)
  } catch (error) {
    return new StorageTrouble(troubleKindOf(error), error)
  }
}
