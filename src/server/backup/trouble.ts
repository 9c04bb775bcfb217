/** Why a backup cannot be written, read or restored; the message is one sentence for the operator, in Chinese. */
export class BackupTrouble extends Error {
  override name = 'BackupTrouble'
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: '磁盘已满',
  EDQUOT: '磁盘配额已满',
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '磁盘是只读的',
  ENOENT: '没有这个文件或文件夹',
  ENOTDIR: '没有这个文件夹',
  EISDIR: '那是一个文件夹',
  EMFILE: '打开的文件太多',
  EIO: '磁盘读写出错',
  EFBIG: '磁盘装不下这么大的文件',
}

/** The system's own error as a reason; undefined when it isn't one. */
export function reasonOf(problem: unknown): string | undefined {
  const code = problem instanceof Error ? (problem as NodeJS.ErrnoException).code : undefined
  const isSystems = code !== undefined && (problem as NodeJS.ErrnoException).errno !== undefined
  return isSystems ? (REASONS[code] ?? code) : undefined
}

/** Runs it and turns the system's errors into a sentence; what it can't explain is thrown as it is. */
export async function explained<T>(sentence: (reason: string) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (problem) {
    if (problem instanceof BackupTrouble) throw problem
    const reason = reasonOf(problem)
    if (reason === undefined) throw problem
    throw new BackupTrouble(sentence(reason), { cause: problem })
  }
}
