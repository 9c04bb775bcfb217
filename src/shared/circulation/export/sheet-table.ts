/**
 * 传阅单 as a table of words: what stands on paper and in the spreadsheet, said once for phone and endpoint.
 */
import { civilDate, civilTime } from '../../civil-time.ts'
import type { Circulation } from '../circulation.ts'
import { RECIPIENT_STATE_WORDS } from '../coverage/coverage.ts'
import type { Revision } from '../document/document.ts'
import { currentRevision, filesOf } from '../document/revisions.ts'
import { placeInWords } from '../document/file-place.ts'
import { signedSha256 } from '../document/signed-sha256.ts'
import type { Sheet, SheetRow } from '../sheet.ts'
import { SIGN_OFF_MODE_WORDS, type SignOff } from '../signing/sign-off.ts'
import { seenElsewhereInWords } from '../signing/unshown-parts.ts'

export interface SheetOf {
  circulation: Circulation
  sheet: Sheet
  unitName: string
  /** By the sign-off's id: the endpoint's time (UTC ms). */
  receivedAt: ReadonlyMap<string, number>
}

const moment = (ms: number): string => `${civilDate(ms)} ${civilTime(ms)}`

export const SHEET_STATE_WORDS = {
  open: '',
  closed: '传阅已办结',
  recalled: '文件已撤回，签字记录保留',
} as const

/** What the document is and where it went; what is not known is left out. */
export function sheetHead(c: Circulation, unitName: string): [label: string, value: string][] {
  const head: [string, string][] = [
    ['发文字号', c.documentNo],
    ['来文单位', c.issuer ?? ''],
    ['来文日期', c.receivedOn ?? ''],
    ['缓急', c.urgency ?? ''],
    ['传阅支部', unitName],
    ['发出', moment(c.dispatchedAt)],
    ['截止', c.deadline],
    ['阅办要求', c.instructions ?? ''],
  ]
  return head.filter(([, value]) => value !== '')
}

/** Each file of a revision as 正文, 附件 1 …, with its own hash: so that an original can be compared with any tool. */
export function revisionFileLines(revision: Revision): { label: string; name: string; sha256: string }[] {
  return filesOf(revision).map(({ file: { name, sha256 } }, at) => ({
    label: placeInWords(at),
    name,
    sha256,
  }))
}

export function figuresInWords({ coverage }: Sheet): string {
  const { toSign, signed, outdated, excused, waiting } = coverage
  const more = outdated > 0 ? `，只签过旧版 ${outdated} 人` : ''
  return `应签 ${toSign} 人，已签 ${signed} 人，待阅 ${waiting} 人${more}，免签 ${excused} 人`
}

/** Of several sign-offs under one revision: which one counts, and by whom it was settled. */
function besideInWords({ standing }: SheetRow, signOffId: string): string {
  const { counts, isOpen, settledBy } = standing
  if (settledBy === undefined) return isOpen ? '与另一份并存，尚未核定' : ''
  const { settledByName, reason } = settledBy.fields
  if (counts?.id === signOffId) return `${settledByName ?? ''}核定以此为准：${reason}`
  return '并存保留，核定以另一份为准'
}

/** Once for each person, beside the first of what is shown. */
function earlierInWords({ signOffs, earlier }: SheetRow, signOffId: string | undefined): string[] {
  if (signOffs[0]?.id !== signOffId) return []
  return earlier.map(({ fields: { revision, signedAt, mode, opinion } }) => {
    const said = opinion ? `，意见：${opinion}` : ''
    return `此前签过第 ${revision} 版（${moment(signedAt)}，${SIGN_OFF_MODE_WORDS[mode]}）${said}`
  })
}

/**
 * 备注: why 免签, why added later, who signed or entered it for the person, what the signer has read elsewhere, which of several
 * counts, what was signed of older revisions.
 */
export function notesOf(row: SheetRow, signOff?: { id: string; fields: SignOff }): string[] {
  const by = signOff === undefined ? '' : (row.actedBy.get(signOff.id) ?? '')
  return [
    row.reason === '' ? '' : `免签：${row.reason}`,
    row.addedFor === '' ? '' : `后来加入：${row.addedFor}`,
    by === '' ? '' : signOff!.fields.mode === 'paper' ? `由${by}补录` : `由${by}代签`,
    signOff === undefined ? '' : seenElsewhereInWords(signOff.fields),
    signOff === undefined ? '' : besideInWords(row, signOff.id),
    ...earlierInWords(row, signOff?.id),
  ].filter((note) => note !== '')
}

/** In words where no picture is drawn. */
export function signatureInWords({ signature }: Pick<SignOff, 'signature'>): string {
  if (signature.kind === 'typed') return `${signature.name}（键盘输入）`
  return signature.kind === 'paper' ? '见纸质原件' : ''
}

export const SHEET_COLUMNS = [
  { label: '序号', width: 6 },
  { label: '姓名', width: 14 },
  { label: '状态', width: 12 },
  { label: '方式', width: 10 },
  { label: '签的版次', width: 10 },
  { label: '签阅时间', width: 17 },
  { label: '送达时间', width: 17 },
  { label: '签名', width: 24 },
  { label: '意见', width: 40 },
  { label: '备注', width: 30 },
] as const

export interface SheetLine {
  cells: string[]
  /** What the column 签名 shows. */
  signature: SignOff['signature'] | null
  name: string
}

/** A line for each sign-off, and one for who has none: number and name stand on each, so that it can be sorted. */
export function sheetLines({ sheet, receivedAt }: SheetOf): SheetLine[] {
  return sheet.rows.flatMap((row, at): SheetLine[] => {
    const who = [String(at + 1), row.name, RECIPIENT_STATE_WORDS[row.state]]
    if (row.signOffs.length === 0)
      return [
        { cells: [...who, '', '', '', '', '', '', notesOf(row).join('；')], signature: null, name: row.name },
      ]
    return row.signOffs.map((signOff) => {
      const { id, fields } = signOff
      const received = receivedAt.get(id)
      const cells = [
        ...who,
        SIGN_OFF_MODE_WORDS[fields.mode],
        `第 ${fields.revision} 版`,
        moment(fields.signedAt),
        received === undefined ? '' : moment(received),
        signatureInWords(fields),
        fields.opinion ?? '',
        notesOf(row, signOff).join('；'),
      ]
      return { cells, signature: fields.signature, name: row.name }
    })
  })
}

/** The head of the spreadsheet: what is on paper besides, as one line each. */
export function workbookHead(of: SheetOf): [label: string, value: string][] {
  const { circulation, sheet } = of
  const newest = currentRevision(circulation)
  const files = revisionFileLines(newest)
  return [
    ['文件标题', circulation.title],
    ...sheetHead(circulation, of.unitName),
    ['版次', `第 ${newest.revision} 版`],
    [files.length === 1 ? '指纹 SHA-256' : '全部文件指纹', signedSha256(newest)],
    ...files.map(({ label, name, sha256 }): [string, string] => [
      label,
      files.length === 1 ? name : `${name}　${sha256}`,
    ]),
    [
      '签阅情况',
      [figuresInWords(sheet), SHEET_STATE_WORDS[circulation.state ?? 'open']].filter(Boolean).join('。'),
    ],
    ['核验码', sheet.code],
  ]
}
