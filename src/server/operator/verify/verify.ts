/**
 * `npm run admin -- verify [FILE]`: does the ledger hold, and do the records stand as it says? Of the live store, while it
 * serves, or of a file.
 */
import { open } from 'node:fs/promises'
import { readPassphrase } from '../../backup/passphrase.ts'
import { backupTables, checkBackup } from '../../backup/read-backup.ts'
import { BackupTrouble } from '../../backup/trouble.ts'
import type { Broken, Difference, LedgerVerdict } from '../../../shared/sync/verify-ledger.ts'
import type { TableReader } from '../../store/record-store.ts'
import type { OperatorCommand } from '../command.ts'
import { ExportTrouble, openExport } from '../export/export-file.ts'
import { verifyTables } from './verify-tables.ts'

/** As backup/envelope.ts writes it. */
const BACKUP_START = 'window-hall-backup'

interface TableFile {
  reader: TableReader
  /** When it was written (UTC ms). */
  at: number
}

export const verifyCommand: OperatorCommand = {
  name: 'verify',
  usage: [
    'npm run admin -- verify [文件]    核对账本：现用数据，或一个备份、导出文件',
    '    --key-file 文件    备份的口令（或设 BACKUP_KEY）',
  ],
  options: ['key-file'],
  run: async ({ store, words, options, now }) => {
    const [path, ...rest] = words
    if (rest.length > 0) return refuse('一次只核对一个文件。')
    if (path === undefined) return tell(await store.readAll((tables) => verifyTables(tables, now)))
    return verifyFile(path, options['key-file'])
  },
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

async function verifyFile(path: string, keyFile: string | undefined): Promise<boolean> {
  try {
    const file = (await openExport(path)) ?? (await openBackup(path, keyFile))
    if (file === undefined) return refuse(`这不是备份，也不是导出文件：${path}`)
    return tell(await verifyTables(file.reader, file.at))
  } catch (problem) {
    const code = (problem as NodeJS.ErrnoException).code
    if (problem instanceof ExportTrouble || problem instanceof BackupTrouble) return refuse(problem.message)
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') return refuse(`打不开文件：${path}`)
    throw problem
  }
}

/** undefined when it doesn't begin as a backup. @throws BackupTrouble */
async function openBackup(path: string, keyFile: string | undefined): Promise<TableFile | undefined> {
  const file = await open(path)
  const start = await file.read(Buffer.alloc(BACKUP_START.length), 0, BACKUP_START.length, 0)
  await file.close()
  if (start.buffer.toString('latin1') !== BACKUP_START) return undefined
  const backup = { path, passphrase: readPassphrase(keyFile, process.env) }
  // Read to its end first: only then it is known to be whole and unharmed.
  const { createdAt } = await checkBackup(backup)
  return { reader: backupTables(backup), at: createdAt }
}

function tell(verdict: LedgerVerdict): boolean {
  for (const line of verdictLines(verdict)) (verdict.ok ? console.log : console.error)(line)
  return verdict.ok
}

/** What the operator reads. */
export function verdictLines(verdict: LedgerVerdict): string[] {
  if (!verdict.ok) return [`账本不符。第一处：${placeOf(verdict.broken)}：${SENTENCES[verdict.broken.what]}`]
  const { proved, linkOnly, erased, restores } = verdict.counts
  return [
    '账本相符。',
    `内容与账本一致：${proved} 条`,
    `只能核对链接（已被后来的版本取代或已删除）：${linkOnly} 条`,
    `按规定删除：${erased} 条`,
    ...(restores === 0 ? [] : [`从备份恢复留下的记载：${restores} 条`]),
  ]
}

const placeOf = ({ scope, rev, type, id }: Broken): string =>
  `范围 ${scope} 第 ${rev} 号${type === '' ? '' : `（${type} ${id}）`}`

const SENTENCES: Readonly<Record<Difference, string>> = {
  order: '编号没有接着前一条。',
  chain: '与前一条不相接。这一条或前一条被改过，或两条之间少了一条。',
  head: '账本的末尾与登记的不同。末尾少了，或登记被改过。',
  'unknown-scope': '没有这个范围。',
  'two-scopes': '同一条记录出现在两个范围。',
  'no-entry': '记录的这一版没有入账。',
  'record-differs': '记录的内容与账本不一致。',
  'record-missing': '账上有，记录不见了。',
  'salt-lost': '不能再核对，账上却没有按规定删除。',
  'salt-kept': '已按规定删除，却还留有能核对内容的数据。',
  'after-erasure': '按规定删除之后又写过。',
  'not-refused': '已按规定删除，却没有登记为不再接收。',
}
