/** The demo's texts stand beside the code as Markdown and come in through the same readers as a bureau's own files. */
import { join } from 'node:path'
import { readFolder } from '../../import/run/run-import.ts'
import type { FolderFile, FolderReading } from '../../import/folder.ts'

const TEXTS = join(import.meta.dirname, '..', 'texts')

export const SAMPLE_MARK = '（示例）'

export const readTexts = (folder: string): Promise<FolderFile[]> => readFolder(join(TEXTS, folder))

/** @throws when a text of the demo itself would be refused: that is our fault, not the reader's */
export function itemsOf<Item>(reading: FolderReading<Item>): Item[] {
  const refused = reading.problems.find(({ severity }) => severity === 'refuse')
  if (refused !== undefined) throw new Error(`demo text ${refused.file}: ${refused.message}`)
  return reading.items
}
