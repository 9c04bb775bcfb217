/** Of one circulation: how many sign-offs hold, and each of them. */
import type { SealedBundle } from '../../../shared/circulation/bundle/bundle.ts'
import {
  BESIDE_WORDS,
  FINDING_WORDS,
  STANDING_WORDS,
  standingOf,
  sumInWords,
  type BundleVerdict,
  type SignOffVerdict,
} from '../../../shared/circulation/bundle/verify-bundle.ts'
import { sheetOf } from '../../../shared/circulation/sheet.ts'
import { SIGN_OFF_MODE_WORDS } from '../../../shared/circulation/signing/sign-off.ts'
import { seenElsewhereInWords } from '../../../shared/circulation/signing/unshown-parts.ts'
import { stampInWords } from '../../ui/moments.ts'
import { sealInWords, type Found } from './found.ts'

const TONES = { holds: 'green', unproved: 'amber', fails: 'red' } as const

export function circulationFound(bundle: SealedBundle, verdict: BundleVerdict): Found {
  const { unit, circulation, exportedAt, exportedBy } = bundle
  const { title, documentNo } = circulation.fields
  return {
    words: sumInWords(verdict),
    seal: sealInWords(verdict.seal, verdict.sealKey),
    isBroken: verdict.seal === 'broken',
    notes: [
      `${unit.name} · ${title} · ${documentNo}`,
      `核验码 ${sheetOf(bundle).code} · ${stampInWords(exportedAt)} 由 ${exportedBy.name} 导出`,
    ],
    lines: verdict.lines.map((line) => ({
      key: line.signOffId,
      title: line.name || line.personId,
      note: noteOf(line),
      tag: STANDING_WORDS[standingOf(line)],
      tone: TONES[standingOf(line)],
    })),
  }
}

function noteOf(line: SignOffVerdict): string {
  if (line.findings.length > 0) return line.findings.map((finding) => FINDING_WORDS[finding]).join('；')
  const { revision, mode, signedAt } = line.fields
  return [
    `第 ${revision} 版`,
    `${SIGN_OFF_MODE_WORDS[mode]}${line.actedBy && `（${line.actedBy}）`}`,
    stampInWords(signedAt),
    line.receivedAt === null ? '' : `送达 ${stampInWords(line.receivedAt)}`,
    line.hasDeviceSignature ? '' : '没有设备签名，以回执为准',
    seenElsewhereInWords(line.fields),
    line.beside === null ? '' : BESIDE_WORDS[line.beside],
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
