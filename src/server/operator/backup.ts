/** `npm run admin -- backup FILE`: everything there is into one sealed file, while the endpoint serves. */
import { civilDate } from '../../shared/civil-time.ts'
import { readPassphrase } from '../backup/passphrase.ts'
import { BackupTrouble } from '../backup/trouble.ts'
import { writeBackup, type WrittenBackup } from '../backup/write-backup.ts'
import type { OperatorCommand, OperatorContext } from './command.ts'

export const backupCommand: OperatorCommand = {
  name: 'backup',
  usage: [
    'npm run admin -- backup 文件 [--overwrite]     备份全部数据（加密；服务可以照常运行）',
    '    口令：环境变量 BACKUP_KEY，或 --key-file 文件（至少 12 个字符）',
  ],
  options: ['key-file'],
  flags: ['overwrite'],
  run: (context) => sayTrouble(() => backup(context)),
}

/** A refusal is one sentence. */
export async function sayTrouble(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (problem) {
    if (!(problem instanceof BackupTrouble)) throw problem
    console.error(problem.message)
    return false
  }
}

async function backup({ store, blobs, words, options, flags, now }: OperatorContext): Promise<boolean> {
  const [path, ...rest] = words
  if (path === undefined || rest.length > 0) throw new BackupTrouble('请给出一个备份文件的路径。')
  const passphrase = readPassphrase(options['key-file'], process.env)
  const written = await writeBackup({
    store,
    blobs,
    path,
    passphrase,
    now,
    overwrite: flags.has('overwrite'),
  })
  for (const line of linesOf(written)) console.log(line)
  if (written.missing.length === 0) return true
  // The rest is safe; who reads only the exit code is to look.
  console.error(
    `注意：${written.missing.length} 个文件在数据里有记录，但内容缺失或已损坏，备份里没有它们：\n` +
      written.missing.map((sha256) => `  ${sha256}`).join('\n'),
  )
  return false
}

function linesOf(written: WrittenBackup): string[] {
  const { rows, files, sizeBytes, removed, epoch, path } = written
  return [
    `备份已写好，并已读回核对：${path}`,
    `  记录 ${rows.records ?? 0} 条，账本 ${rows.ledger ?? 0} 条，账号 ${rows.accounts ?? 0} 个，文件 ${files} 个，共 ${sizeText(sizeBytes)}`,
    `  数据时刻 ${timeText(written.createdAt)}，数据编号 ${epoch}`,
    ...(removed === 0 ? [] : [`  备份期间有 ${removed} 个文件被移除，未收入。`]),
    '恢复：先停止服务，设好同一口令，再运行 npm run admin -- restore 文件 （已有数据时加 --replace）。',
  ]
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`
  const units = ['KB', 'MB', 'GB', 'TB']
  let [size, at] = [bytes / 1024, 0]
  for (; size >= 1024 && at < units.length - 1; at++) size /= 1024
  return `${size.toFixed(1)} ${units[at]}`
}

/** In China, to the minute. */
export function timeText(ms: number): string {
  const time = new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(ms)
  return `${civilDate(ms)} ${time}`
}
