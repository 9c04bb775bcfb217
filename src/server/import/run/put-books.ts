/** A folder of pocket books: a book and its chapters, each chapter's text as a file in `org`. */
import { idFrom } from '../../../shared/sync/canonical.ts'
import { putRecord, removeRecord } from '../../commands/put-record.ts'
import type { WriteTx } from '../../store/record-store.ts'
import type { BookItem } from '../folder.ts'
import { IMPORT_AUTHOR, keepFile, note, type ImportParts, type ImportReport } from './import-job.ts'

export const bookIdOf = (title: string): string => idFrom('book', title)
const chapterIdOf = (bookId: string, order: number) => idFrom('book-chapter', bookId, String(order))

/** Blocks as the reader counts them: what blank lines separate. */
const paragraphsOf = (markdown: string) =>
  markdown.split(/\n\s*\n/).filter((block) => block.trim() !== '').length

export async function putBooks(
  parts: ImportParts,
  tx: WriteTx,
  items: readonly BookItem[],
  report: ImportReport,
): Promise<void> {
  for (const [order, item] of items.entries()) {
    const id = bookIdOf(item.title)
    const put = (type: string, recordId: string, fields: Parameters<typeof putRecord>[1]['fields']) =>
      putRecord(tx, { type, id: recordId, fields, author: IMPORT_AUTHOR, now: parts.now })
    const standing = await tx.record('book', id)
    const kept = standing === undefined ? { order } : (JSON.parse(standing.fields) as { order: number })
    const book = await put('book', id, {
      title: item.title,
      subtitle: '',
      description: item.summary ?? '',
      edition: item.edition ?? '',
      order: kept.order,
      withdrawn: false,
    })
    let changed = book.change !== 'same'
    for (const [at, chapter] of item.chapters.entries()) {
      const text = chapter.markdown.replaceAll(
        /!\[[^\]]*\]\(blob:(\d+)\)/g,
        (_all, n: string) => `（图 ${Number(n) + 1}，见纸质书）`,
      )
      const bytes = new TextEncoder().encode(text)
      const sha256 = await keepFile(parts, tx, bytes, 'text/markdown')
      const fields = {
        bookId: id,
        order: at,
        title: chapter.title,
        level: 1,
        sha256,
        sizeBytes: bytes.length,
        paragraphs: paragraphsOf(text),
      }
      changed = (await put('book-chapter', chapterIdOf(id, at), fields)).change !== 'same' || changed
    }
    for (
      let at = item.chapters.length;
      await removeRecord(tx, 'book-chapter', chapterIdOf(id, at), parts.now);
      at++
    )
      changed = true
    const change = book.change === 'added' ? 'added' : changed ? 'changed' : 'same'
    note(report, change, `口袋书《${item.title}》${item.chapters.length} 章`)
  }
}
