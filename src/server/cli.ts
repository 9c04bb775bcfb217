/** Commands of the operator: `npm run import -- …` and `npm run admin -- <command> …`. Each is a file in operator/; here is the list. */
import { claimStores } from './claim-stores.ts'
import { ConfigTrouble, readConfig } from './config.ts'
import { dieWith } from './log.ts'
import { openStores } from './open-stores.ts'
import { backupCommand } from './operator/backup.ts'
import { codesCommand } from './operator/codes.ts'
import type { OperatorCommand } from './operator/command.ts'
import { eraseCommand } from './operator/erase.ts'
import { exportCommand } from './operator/export/export.ts'
import { exportCirculationsCommand } from './operator/export/export-circulations.ts'
import { importCommand } from './operator/import.ts'
import { journaledStore } from './journal/journaled-store.ts'
import { createFileJournal, journalPath } from './journal/journal-file.ts'
import { restoreCommand } from './operator/restore/restore.ts'
import { verifyCirculationCommand } from './operator/verify/verify-circulation.ts'
import { verifyMeetingCommand } from './operator/verify/verify-meeting.ts'
import { verifyCommand } from './operator/verify/verify.ts'

const COMMANDS: readonly OperatorCommand[] = [
  importCommand,
  codesCommand,
  backupCommand,
  restoreCommand,
  verifyCommand,
  verifyCirculationCommand,
  verifyMeetingCommand,
  exportCommand,
  exportCirculationsCommand,
  eraseCommand,
]

const USAGE = `用法：
${COMMANDS.flatMap((command) => command.usage.map((line) => `  ${line}`)).join('\n')}
选项：--data 文件夹（或 DATA_DIR）；DATABASE_URL 指向 PostgreSQL 时用它`

/** @throws ConfigTrouble for an option that the command doesn't have: a mistyped --no-new-units would otherwise make units */
function parseWords(command: OperatorCommand, rest: readonly string[]) {
  const words: string[] = []
  const flags = new Set<string>()
  const options: Record<string, string> = {}
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!
    const name = word.slice(2)
    if (!word.startsWith('--')) words.push(word)
    else if (name === 'data' || command.options?.includes(name) === true)
      options[name] = valueOf(word, rest[++at])
    else if (command.flags?.includes(name) === true) flags.add(name)
    else throw new ConfigTrouble(`不认识的选项 ${word}。\n${USAGE}`)
  }
  return { words, flags, options }
}

function valueOf(option: string, value: string | undefined): string {
  if (value === undefined || value === '' || value.startsWith('--'))
    throw new ConfigTrouble(`选项 ${option} 后面缺少内容。`)
  return value
}

async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2)
  const command = COMMANDS.find((one) => one.name === name)
  if (command === undefined)
    throw new ConfigTrouble(name === undefined ? USAGE : `没有“${name}”这个命令。\n${USAGE}`)
  const parsed = parseWords(command, rest)
  const { data } = parsed.options
  const env = data === undefined ? process.env : { ...process.env, DATA_DIR: data }
  const config = readConfig(env, { dataDir: 'data' })
  const { dataDir } = config
  const { store: plain, blobs, close } = await openStores(config)
  const store = journaledStore(plain, createFileJournal(journalPath(dataDir)), Date.now)
  try {
    const claimAlone = () => claimStores(config, 'alone')
    const done = await command.run({
      store,
      blobs,
      ...parsed,
      dataDir,
      publicUrl: config.publicUrl,
      now: Date.now(),
      claimAlone,
    })
    process.exitCode = done ? 0 : 1
  } finally {
    await close()
  }
}

main().catch(dieWith)
