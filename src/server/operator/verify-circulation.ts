/** `npm run admin -- verify-circulation FILE`: which sign-offs of an exported circulation hold. Needs the file alone. */
import { readFile, stat } from 'node:fs/promises'
import { civilDate, civilTime } from '../../shared/civil-time.ts'
import { readBundle, type SealedBundle } from '../../shared/circulation/bundle/bundle.ts'
import {
  countsInWords,
  FINDING_WORDS,
  STANDING_WORDS,
  standingOf,
  verifyBundle,
  type BundleVerdict,
} from '../../shared/circulation/bundle/verify-bundle.ts'
import { SIGN_OFF_MODE_WORDS } from '../../shared/circulation/sign-off.ts'
import { signatureHolds } from '../auth/signatures.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { OperatorCommand } from './command.ts'

/** Fifty people with handwriting are about a megabyte. */
const MAX_BYTES = 64 * 1024 * 1024

export const verifyCirculationCommand: OperatorCommand = {
  name: 'verify-circulation',
  usage: ['npm run admin -- verify-circulation 文件    核对导出的传阅：哪些签字成立，哪些不成立'],
  run: async ({ store, words }) => {
    const [path, ...rest] = words
    if (path === undefined || rest.length > 0) return refuse('请给出一个要核对的文件。')
    const text = await textOf(path)
    if (text === undefined) return refuse(`打不开文件：${path}`)
    const read = readBundle(text)
    if (!read.ok) return refuse(read.sentence)
    return tell(read.bundle, await verifyBundle(read.bundle, signatureHolds, await knownKeys(store)))
  },
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    return size > MAX_BYTES ? '' : await readFile(path, 'utf8')
  } catch (problem) {
    const code = (problem as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') return undefined
    throw problem
  }
}

/** What this endpoint has ever signed with; null where there is no endpoint's data. */
async function knownKeys(store: RecordStore): Promise<ReadonlySet<string> | null> {
  const rows = await store.read((tx) => tx.records({ types: ['endpoint-key'] }))
  return rows.length === 0 ? null : new Set(rows.map(({ id }) => id))
}

/** @returns whether everything holds */
function tell({ circulation, unit, exportedAt }: SealedBundle, verdict: BundleVerdict): boolean {
  const { fields } = circulation
  const number = fields.documentNo === '' ? '' : `（${fields.documentNo}）`
  console.log(`${unit.name} · ${fields.title}${number}`)
  console.log(`导出：${moment(exportedAt)}`)
  console.log(SEAL_SENTENCES[verdict.seal](verdict.sealKey))
  for (const line of verdict.lines) {
    const { revision, mode, signedAt } = line.fields
    const who = `${line.name === '' ? line.personId : line.name}，第 ${revision} 版，${SIGN_OFF_MODE_WORDS[mode]}`
    const when =
      line.receivedAt === null ? moment(signedAt) : `${moment(signedAt)}，送达 ${moment(line.receivedAt)}`
    const device = line.hasDeviceSignature ? '' : '（没有设备签名，以回执为准）'
    if (line.findings.length === 0) console.log(`  成立    ${who}，${when}${device}`)
    else
      console.log(
        `  ${STANDING_WORDS[standingOf(line)]}  ${who}，${when}：${line.findings.map((f) => FINDING_WORDS[f]).join('；')}`,
      )
  }
  console.log(`${countsInWords(verdict.lines)}。`)
  return verdict.lines.every((line) => standingOf(line) === 'holds') && verdict.seal !== 'broken'
}

const SEAL_SENTENCES = {
  holds: (key: string) => `封签：成立，由本单位的密钥 ${key} 封签，导出后没有改过。`,
  unknown: (key: string) => `封签：导出后没有改过；这里没有密钥 ${key} 的底档，请向导出单位核对这八位。`,
  broken: () => '封签：不成立，文件在导出后被改过。',
} as const

const moment = (ms: number): string => `${civilDate(ms)} ${civilTime(ms)}`
