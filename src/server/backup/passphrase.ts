/** The passphrase that backups are sealed with: from a file or the environment, never from the command line, which others see. */
import { readFileSync } from 'node:fs'
import { BackupTrouble, reasonOf } from './trouble.ts'

export const MIN_PASSPHRASE = 12

/**
 * @param keyFile wins over the environment; its trailing line break is no part of the passphrase
 * @throws BackupTrouble when there is none, or it is too short
 */
export function readPassphrase(
  keyFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const text = keyFile === undefined ? (env.BACKUP_KEY ?? '') : readKeyFile(keyFile)
  // As it is typed on another keyboard or read on another system, it stays the same.
  const passphrase = text.normalize('NFC')
  if (passphrase === '')
    throw new BackupTrouble(
      '备份是加密的，须先给出口令：设环境变量 BACKUP_KEY，或用 --key-file 指定放口令的文件。',
    )
  if ([...passphrase].length < MIN_PASSPHRASE)
    throw new BackupTrouble(`备份口令太短：至少 ${MIN_PASSPHRASE} 个字符。`)
  return passphrase
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (problem) {
    const reason = reasonOf(problem)
    if (reason === undefined) throw problem
    throw new BackupTrouble(`读不到口令文件 ${path}（${reason}）。`, { cause: problem })
  }
}
