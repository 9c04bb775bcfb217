/** What every check of an exported file does: opens it, says in the same words why it can't, and of its seal what it is. */
import { civilDate, civilTime } from '../../../shared/civil-time.ts'
import type { RecordStore } from '../../store/record-store.ts'
import { openToCheck, type OpenedFile } from '../export/circulation-files.ts'
import type { OperatorContext } from '../command.ts'

/** Fifty people with handwriting are about a megabyte. */
const MAX_BYTES = 64 * 1024 * 1024

/** Ids of the keys that this endpoint has ever signed with; null where there is no endpoint's data. */
export type KnownKeys = ReadonlySet<string> | null

/** @returns whether the file was one and everything in it holds */
export async function checkFile(
  { store, words }: OperatorContext,
  check: (file: OpenedFile, known: KnownKeys) => Promise<boolean>,
): Promise<boolean> {
  const [path, ...rest] = words
  if (path === undefined || rest.length > 0) return refuse('请给出一个要核对的文件。')
  const file = await openToCheck(path)
  if (file === undefined) return refuse(`打不开文件：${path}`)
  try {
    return await check(file, await knownKeys(store))
  } finally {
    await file.close()
  }
}

/** Empty, which no export is, where it is larger than any. */
export const textOf = async (file: OpenedFile): Promise<string> =>
  file.size > MAX_BYTES ? '' : file.text(await file.whole())

export function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

async function knownKeys(store: RecordStore): Promise<KnownKeys> {
  const rows = await store.read((tx) => tx.records({ types: ['endpoint-key'] }))
  return rows.length === 0 ? null : new Set(rows.map(({ id }) => id))
}

export const SEAL_SENTENCES = {
  holds: (key: string) => `封签：成立，由本单位的密钥 ${key} 封签，导出后没有改过。`,
  unknown: (key: string) => `封签：导出后没有改过；这里没有密钥 ${key} 的底档，请向导出单位核对这八位。`,
  broken: () => '封签：不成立，文件在导出后被改过。',
} as const

/** @param ms UTC */
export const momentInWords = (ms: number): string => `${civilDate(ms)} ${civilTime(ms)}`
