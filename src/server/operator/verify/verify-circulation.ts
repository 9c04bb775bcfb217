/** `npm run admin -- verify-circulation FILE`: which sign-offs of an exported circulation, or of a year's, hold. Needs the file alone. */
import { readBundle, type SealedBundle } from '../../../shared/circulation/bundle/bundle.ts'
import {
  BESIDE_WORDS,
  countsInWords,
  FINDING_WORDS,
  STANDING_WORDS,
  standingOf,
  sumInWords,
  verifyBundle,
  type BundleVerdict,
} from '../../../shared/circulation/bundle/verify-bundle.ts'
import {
  verifyYear,
  yearHolds,
  yearInWords,
  type YearVerdict,
} from '../../../shared/circulation/bundle/verify-year.ts'
import { SIGN_OFF_MODE_WORDS } from '../../../shared/circulation/signing/sign-off.ts'
import { seenElsewhereInWords } from '../../../shared/circulation/signing/unshown-parts.ts'
import { signatureHolds } from '../../auth/signatures.ts'
import { hashOf, inflateWithin, type OpenedFile } from '../export/circulation-files.ts'
import type { OperatorCommand } from '../command.ts'
import { checkFile, momentInWords, refuse, SEAL_SENTENCES, textOf, type KnownKeys } from './exported-file.ts'

export const verifyCirculationCommand: OperatorCommand = {
  name: 'verify-circulation',
  usage: [
    'npm run admin -- verify-circulation 文件    核对导出的传阅（核对文件，或一年的压缩包）：哪些签字成立，哪些不成立',
  ],
  run: (context) =>
    checkFile(context, (file, known) => (file.isZip ? checkYear(file, known) : checkOne(file, known))),
}

async function checkOne(file: OpenedFile, known: KnownKeys): Promise<boolean> {
  const read = readBundle(await textOf(file))
  if (!read.ok) return refuse(read.sentence)
  return tell(read.bundle, await verifyBundle(read.bundle, signatureHolds, known))
}

async function checkYear(source: OpenedFile, known: KnownKeys): Promise<boolean> {
  const parts = { source, inflate: inflateWithin, hash: hashOf, check: signatureHolds, known }
  const result = await verifyYear(parts)
  if (!result.ok) return refuse(result.sentence)
  tellYear(result.verdict)
  return yearHolds(result.verdict)
}

/** @returns whether everything holds */
function tell({ circulation, unit, exportedAt }: SealedBundle, verdict: BundleVerdict): boolean {
  const { fields } = circulation
  const number = fields.documentNo === '' ? '' : `（${fields.documentNo}）`
  console.log(`${unit.name} · ${fields.title}${number}`)
  console.log(`导出：${momentInWords(exportedAt)}`)
  console.log(SEAL_SENTENCES[verdict.seal](verdict.sealKey))
  for (const line of verdict.lines) {
    const { revision, mode, signedAt } = line.fields
    const who = `${line.name === '' ? line.personId : line.name}，第 ${revision} 版，${SIGN_OFF_MODE_WORDS[mode]}${line.actedBy === '' ? '' : `（${line.actedBy}）`}`
    const when =
      line.receivedAt === null
        ? momentInWords(signedAt)
        : `${momentInWords(signedAt)}，送达 ${momentInWords(line.receivedAt)}`
    const beside = line.beside === null ? '' : `；${BESIDE_WORDS[line.beside]}`
    const elsewhere = seenElsewhereInWords(line.fields)
    const device = `${line.hasDeviceSignature ? '' : '（没有设备签名，以回执为准）'}${elsewhere && `；${elsewhere}`}${beside}`
    if (line.findings.length === 0) console.log(`  成立    ${who}，${when}${device}`)
    else
      console.log(
        `  ${STANDING_WORDS[standingOf(line)]}  ${who}，${when}：${line.findings.map((f) => FINDING_WORDS[f]).join('；')}`,
      )
  }
  console.log(`${sumInWords(verdict)}。`)
  return verdict.lines.every((line) => standingOf(line) === 'holds') && verdict.seal !== 'broken'
}

function tellYear(verdict: YearVerdict): void {
  const { year, exportedAt, exportedBy, circulations, originals, troubles, seal, sealKey } = verdict
  if (exportedAt !== null)
    console.log(`${year} 年文件传阅归档，${momentInWords(exportedAt)} 由 ${exportedBy} 导出`)
  console.log(seal === 'missing' ? '封签：没有清单，不能证明压缩包是完整的。' : SEAL_SENTENCES[seal](sealKey))
  for (const { path, verdict: own, holds, trouble } of circulations) {
    if (holds) continue
    console.log(`  ${path}：${trouble === '' ? countsInWords(own!.lines) : trouble}`)
    if (own?.seal === 'broken') console.log('    这份核对文件在导出后被改过。')
    for (const line of own?.lines ?? [])
      if (standingOf(line) !== 'holds')
        console.log(
          `    ${STANDING_WORDS[standingOf(line)]}  ${line.name || line.personId}：${line.findings.map((f) => FINDING_WORDS[f]).join('；')}`,
        )
  }
  for (const trouble of troubles) console.log(`  ${trouble}`)
  if (originals > 0) console.log(`原件 ${originals} 个，与签字的指纹相同。`)
  console.log(
    `${yearInWords(verdict)}${troubles.length === 0 ? '' : `；文件有 ${troubles.length} 处与导出时不同`}。`,
  )
}
