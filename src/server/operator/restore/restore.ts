/** `npm run admin -- restore FILE`: a backup in the place of what is there. Asks for `--replace` when that is something. */
import { readPassphrase } from '../../backup/passphrase.ts'
import { readReplaced } from '../../backup/replaced-store.ts'
import { checkRestorable, restoreBackup, type Restored } from '../../backup/restore-backup.ts'
import { BackupTrouble } from '../../backup/trouble.ts'
import { sayTrouble, timeText } from '../backup.ts'
import type { OperatorCommand, OperatorContext } from '../command.ts'
import { journalPath, readJournal, rewriteJournal } from '../../journal/journal-file.ts'
import { mergeJournals, withReplaced, type JournalLine } from '../../journal/journal-lines.ts'

export const restoreCommand: OperatorCommand = {
  name: 'restore',
  usage: [
    'npm run admin -- restore 文件 [--replace]      从备份恢复（先停止服务）；已有数据时须加 --replace',
    '    --journal 文件[,文件]   别处服务的 after-backup.ndjson：备份之后的清除、停用和撤销会再执行一遍',
  ],
  options: ['key-file', 'journal'],
  flags: ['replace'],
  run: (context) => sayTrouble(() => restore(context)),
}

async function restore(context: OperatorContext): Promise<boolean> {
  const { store, words, options, flags, claimAlone } = context
  const [path, ...rest] = words
  if (path === undefined || rest.length > 0) throw new BackupTrouble('请给出一个备份文件的路径。')
  const backup = { path, passphrase: readPassphrase(options['key-file'], process.env) }
  const claim = await claimAlone?.()
  try {
    const replaced = await readReplaced(store)
    if (!replaced.isEmpty && !flags.has('replace')) {
      const { createdAt } = await checkRestorable(store, backup)
      throw new BackupTrouble(
        `这里已有 ${replaced.records} 条记录，没有改动。若要用 ${timeText(createdAt)} 的备份替换它们，请先另做一份备份，再加 --replace 运行一次。`,
      )
    }
    const own = journalPath(context.dataDir)
    const journal = readJournals(context)
    // First: whoever restores this backup once more may have nothing else to go by.
    const whole = withReplaced(journal, replaced.lines)
    if (whole.length > readJournal(own).lines.length) rewriteJournal(own, whole, context.now)
    const restored = await restoreBackup({ ...context, backup, replaced, journal })
    for (const line of linesOf(restored)) console.log(line)
    return true
  } finally {
    await claim?.release()
  }
}

/** All of them as one, in the order in which it happened. */
function readJournals({ dataDir, options }: OperatorContext): JournalLine[] {
  const others = (options.journal ?? '').split(',').filter((path) => path !== '')
  const journals = [journalPath(dataDir), ...others].map((path) => {
    const { lines, unreadable } = readJournal(path)
    if (others.includes(path) && lines.length + unreadable === 0)
      throw new BackupTrouble(`${path} 里没有内容，或没有这个文件。没有恢复。`)
    if (unreadable > 0) console.error(`注意：${path} 有 ${unreadable} 行读不出来，已跳过。`)
    return lines
  })
  return mergeJournals(journals)
}

function linesOf(restored: Restored): string[] {
  const { rows, files, missing, replayed, closedAgain, revokedAgain, withoutPassword } = restored
  const again = [
    ...(replayed === 0 ? [] : [`清除和停用设备 ${replayed} 项`]),
    ...(closedAgain === 0 ? [] : [`停用账号 ${closedAgain} 个`]),
    ...(revokedAgain === 0 ? [] : [`撤销职务 ${revokedAgain} 项`]),
  ]
  return [
    `已恢复到 ${timeText(restored.createdAt)} 的备份：记录 ${rows.records ?? 0} 条，账号 ${rows.accounts ?? 0} 个，文件 ${files} 个。`,
    `  新的数据编号 ${restored.newEpoch}`,
    ...(again.length === 0 ? [] : [`  备份之后的这些已再次执行：${again.join('，')}。`]),
    ...(missing.length === 0 ? [] : [`  备份时就缺 ${missing.length} 个文件；手机上有的会再传上来。`]),
    ...(withoutPassword === 0
      ? []
      : [`  ${withoutPassword} 人在备份时还没有设密码，须重新发激活码（npm run admin -- codes 工号）。`]),
    '全体人员须重新登录；密码是备份时的密码。手机登录后会把备份之后送达过的内容再送一遍。',
  ]
}
