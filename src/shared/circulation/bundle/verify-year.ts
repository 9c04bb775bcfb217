/**
 * Which circulations of a year's archive hold. Pure but for reading, unpacking and checking signatures, which are handed in.
 *
 * Guarantees: an archive that is said to hold is, file by file, what the endpoint exported: nothing changed, added or taken away;
 * every sign-off in it holds; and each original that lies in it is one that was signed.
 */
import type { CheckSignature } from '../../bundle/filed.ts'
import { endpointKeyId } from '../../org/endpoint-key.ts'
import { sha256Hex } from '../../sync/canonical.ts'
import { filesOf } from '../document/revisions.ts'
import { readBundle } from './bundle.ts'
import { openZip, readEntry, type Inflate, type ZipEntry, type ZipSource } from './read-zip.ts'
import { standingOf, verifyBundle, type BundleVerdict } from './verify-bundle.ts'
import {
  BUNDLE_ENDING,
  ORIGINALS,
  readYearList,
  YEAR_LIST,
  yearStatement,
  type SealedYearList,
} from './year.ts'

/** Larger than any file that the endpoint takes; what claims more is not opened. */
const MOST_FILE = 128 * 1024 * 1024
const MOST_BUNDLE = 64 * 1024 * 1024

export interface YearParts {
  source: ZipSource
  inflate: Inflate
  check: CheckSignature
  /** Ids of endpoint keys that whoever checks has from elsewhere; null: has none. */
  known: ReadonlySet<string> | null
  /** Faster than the one of shared, where the platform has one. */
  hash?: (bytes: Uint8Array) => Promise<string> | string
  onProgress?: (done: number, all: number) => void
  /** Asked before each file; what it throws ends the check. */
  goOn?: () => void
}

export interface CirculationVerdict {
  path: string
  title: string
  unitName: string
  /** null: it cannot even be read; `trouble` says why. */
  verdict: BundleVerdict | null
  holds: boolean
  trouble: string
}

export interface YearVerdict {
  /** As of a bundle; `missing`: the archive has no list. */
  seal: 'holds' | 'unknown' | 'broken' | 'missing'
  sealKey: string
  year: string
  exportedAt: number | null
  exportedBy: string
  circulations: CirculationVerdict[]
  /** Originals that are, byte for byte, what was signed. */
  originals: number
  /** What is not as it was exported, in sentences with the path. */
  troubles: string[]
}

export type YearResult = { ok: true; verdict: YearVerdict } | { ok: false; sentence: string }

export const yearHolds = ({ seal, troubles, circulations }: YearVerdict): boolean =>
  (seal === 'holds' || seal === 'unknown') &&
  troubles.length === 0 &&
  circulations.every(({ holds }) => holds)

/** 共 12 次传阅，11 次全部成立，1 次有不成立或没有回执的 */
export function yearInWords({ circulations }: YearVerdict): string {
  const holds = circulations.filter((one) => one.holds).length
  const rest = circulations.length - holds
  return `共 ${circulations.length} 次传阅，${rest === 0 ? '全部成立' : `${holds} 次成立，${rest} 次有问题`}`
}

export async function verifyYear(parts: YearParts): Promise<YearResult> {
  const { source, inflate } = parts
  const opened = await openZip(source)
  if (!opened.ok) return opened
  const files = opened.entries.filter(({ path }) => !path.endsWith('/'))
  if (!files.some(({ path }) => path.endsWith(BUNDLE_ENDING) || path === YEAR_LIST))
    return { ok: false, sentence: '这个压缩包里没有传阅核对文件。请选导出的那一份。' }
  const listEntry = files.find(({ path }) => path === YEAR_LIST)
  const listBytes = listEntry === undefined ? null : await readEntry(source, listEntry, inflate, MOST_FILE)
  const list = listBytes === null ? null : readYearList(source.text(listBytes))
  const verdict: YearVerdict = {
    ...(await sealOf(list, listEntry, parts)),
    year: list?.year ?? '',
    exportedAt: list?.exportedAt ?? null,
    exportedBy: list?.exportedBy.name ?? '',
    circulations: [],
    originals: 0,
    troubles: [],
  }
  await checkFiles(files, list, verdict, parts)
  return { ok: true, verdict }
}

async function sealOf(list: SealedYearList | null, entry: ZipEntry | undefined, { check, known }: YearParts) {
  if (list === null) return { seal: entry === undefined ? 'missing' : 'broken', sealKey: '' } as const
  const { keyId, signature } = list.seal
  const isSealed =
    endpointKeyId(list.publicKey) === keyId && (await check(list.publicKey, signature, yearStatement(list)))
  const seal = !isSealed ? 'broken' : known?.has(keyId) === true ? 'holds' : 'unknown'
  return { seal, sealKey: keyId.slice(0, 8) } as const
}

const folderOf = (path: string): string => path.slice(0, path.indexOf('/') + 1)

async function checkFiles(
  files: readonly ZipEntry[],
  list: SealedYearList | null,
  verdict: YearVerdict,
  parts: YearParts,
): Promise<void> {
  const { source, inflate, hash = sha256Hex, onProgress, goOn } = parts
  const listed = new Map(list?.files.map((file) => [file.path, file]))
  /** By folder: what was signed there, and the originals that lie there. */
  const signed = new Map<string, Set<string>>()
  const originals: { path: string; sha256: string }[] = []
  let done = 0
  for (const entry of files) {
    goOn?.()
    onProgress?.(done++, files.length)
    const { path } = entry
    if (path === YEAR_LIST) continue
    if (entry.sizeBytes > (path.endsWith(BUNDLE_ENDING) ? MOST_BUNDLE : MOST_FILE)) {
      verdict.troubles.push(`${path}：大得不合常理，没有打开。`)
      continue
    }
    const bytes = await readEntry(source, entry, inflate, MOST_FILE)
    if (bytes === null) {
      verdict.troubles.push(`${path}：损坏，读不出来。`)
      continue
    }
    const sha256 = await hash(bytes)
    if (list !== null) {
      const known = listed.get(path)
      if (known === undefined) verdict.troubles.push(`${path}：导出时没有这个文件，是后来放进去的。`)
      else if (known.sha256 !== sha256) verdict.troubles.push(`${path}：导出后被改过。`)
      listed.delete(path)
    }
    if (path.includes(`/${ORIGINALS}/`)) originals.push({ path, sha256 })
    if (path.endsWith(BUNDLE_ENDING)) await checkBundle(path, bytes, signed, verdict, parts)
  }
  for (const path of listed.keys()) verdict.troubles.push(`${path}：导出时有，现在没有了。`)
  for (const { path, sha256 } of originals)
    if (signed.get(folderOf(path))?.has(sha256) === true) verdict.originals++
    else verdict.troubles.push(`${path}：与签字的文件指纹不符，不是当时签的那份。`)
}

async function checkBundle(
  path: string,
  bytes: Uint8Array,
  signed: Map<string, Set<string>>,
  { circulations }: YearVerdict,
  { source, check, known }: YearParts,
): Promise<void> {
  const read = readBundle(source.text(bytes))
  if (!read.ok) {
    circulations.push({ path, title: '', unitName: '', verdict: null, holds: false, trouble: read.sentence })
    return
  }
  const { circulation, unit } = read.bundle
  const inFolder = signed.get(folderOf(path)) ?? new Set()
  for (const revision of circulation.fields.revisions)
    for (const { file } of filesOf(revision)) inFolder.add(file.sha256)
  signed.set(folderOf(path), inFolder)
  const verdict = await verifyBundle(read.bundle, check, known)
  const holds = verdict.seal !== 'broken' && verdict.lines.every((line) => standingOf(line) === 'holds')
  circulations.push({
    path,
    title: circulation.fields.title,
    unitName: unit.name,
    verdict,
    holds,
    trouble: '',
  })
}
