/** What a person finds first in the archive of a year: how to check it, and a line for each circulation. */
import { civilDate, civilTime } from '../../../shared/civil-time.ts'
import { currentRevision } from '../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../shared/circulation/document/signed-sha256.ts'
import { SHEET_STATE_WORDS, type SheetOf } from '../../../shared/circulation/export/sheet-table.ts'
import { cell } from '../../../shared/spreadsheet/cells.ts'
import { withHeights } from '../../../shared/spreadsheet/row-heights.ts'
import { ORIGINALS, YEAR_INDEX, YEAR_LIST } from '../../../shared/circulation/bundle/year.ts'

/** Of a circulation what the index says, and no more: a year of whole bundles would not fit into memory. */
export interface IndexLine {
  cells: string[]
}

/** Together so wide that a page of paper across shows all of them. */
const COLUMNS = [
  ['文件夹', 34],
  ['支部', 18],
  ['发文字号', 20],
  ['标题', 34],
  ['发出', 17],
  ['截止', 11],
  ['版次', 8],
  ['应签', 6],
  ['已签', 6],
  ['待阅', 6],
  ['旧版已签', 9],
  ['免签', 6],
  ['状态', 16],
  ['核验码', 16],
  ['指纹 SHA-256', 34],
  ['未附的原件', 18],
] as const

/** @param missing names of originals that cannot be had any more */
export function indexLine(folder: string, of: SheetOf, missing: readonly string[]): IndexLine {
  const { circulation: c, unitName } = of
  const { coverage, code } = of.sheet
  const newest = currentRevision(c)
  return {
    cells: [
      folder,
      unitName,
      c.documentNo,
      c.title,
      `${civilDate(c.dispatchedAt)} ${civilTime(c.dispatchedAt)}`,
      c.deadline,
      `第 ${newest.revision} 版`,
      ...[coverage.toSign, coverage.signed, coverage.waiting, coverage.outdated, coverage.excused].map(
        String,
      ),
      SHEET_STATE_WORDS[c.state ?? 'open'],
      code,
      signedSha256(newest),
      missing.join('；'),
    ],
  }
}

export function indexWorkbook(lines: readonly IndexLine[]) {
  const isFigure = (at: number): boolean => at >= 7 && at <= 11
  const head = COLUMNS.map(([label]) => ({ ...cell(label), fontWeight: 'bold' as const }))
  const rows = lines.map(({ cells }) =>
    cells.map((value, at) =>
      isFigure(at) ? { value: Number(value), type: Number, alignVertical: 'center' as const } : cell(value),
    ),
  )
  const columns = COLUMNS.map(([, width]) => ({ width }))
  return {
    data: withHeights([head, ...rows], columns),
    options: {
      sheet: '目录',
      columns,
      stickyRowsCount: 1,
    },
  }
}

interface Readme {
  year: string
  now: number
  exportedBy: { name: string }
  withOriginals: boolean
}

/** With a mark at its start and ends of lines as the oldest Notepad wants them. */
export function readmeText({ year, now, exportedBy, withOriginals }: Readme): Uint8Array {
  const lines = [
    `${year} 年文件传阅归档`,
    '',
    `${civilDate(now)} ${civilTime(now)} 由 ${exportedBy.name} 导出。`,
    '',
    '里面有什么',
    `  ${YEAR_INDEX}    每次传阅一行：哪个支部，应签、已签多少人，核验码，指纹。`,
    '  每份文件一个文件夹，按发出的先后编号。文件夹里：',
    withOriginals
      ? `    ${ORIGINALS}    签字所对应的文件，与当时逐字节相同。撤回的文件不再保存，在目录里写明。`
      : '    这次导出没有附原件。',
    '    支部名 传阅单.xlsx    谁在什么时候签的，用表格软件打开，可以打印。',
    '    支部名 核对文件.json    每个签字、送达回执和公钥，供核对用，请不要改动。',
    `  ${YEAR_LIST}    以上每个文件的指纹，由本单位的服务器封签。`,
    '',
    '怎样核对',
    '  一、打开应用里的“核对文件”，选这个压缩包，或者选其中一个核对文件。在本机核对，不联网。',
    '  二、或者在服务器上执行：npm run admin -- verify-circulation 压缩包或核对文件',
    '  核对会逐次写明哪些签字成立、哪些不成立；文件被改过、少了、多了，也会写明。',
    '  三、单个原件的指纹可以用任何能算 SHA-256 的工具核对，与传阅单上写的相同，就是当时签的那份。',
    '',
    '请妥善保管',
    '  里面有人员姓名和手写签名。解压时请放在路径较短的文件夹里。',
    '',
  ]
  return Buffer.from(`\ufeff${lines.join('\r\n')}`)
}
