/** The four pocket books, each a folder of chapters. */
import { readBookFolder, type BookItem } from '../../import/folder.ts'
import { emptyReport } from '../../import/run/import-job.ts'
import { putBooks } from '../../import/run/put-books.ts'
import { DAY_MS } from '../../../shared/civil-time.ts'
import type { DemoContext } from '../context.ts'
import { itemsOf, readTexts } from './read-texts.ts'

const PUT_DAYS_AGO = 60

export async function readBooks(): Promise<BookItem[]> {
  return itemsOf(await readBookFolder(await readTexts('books')))
}

export async function fillBooks({ tx, parts, now }: DemoContext, books: readonly BookItem[]): Promise<void> {
  await putBooks({ ...parts, now: now - PUT_DAYS_AGO * DAY_MS }, tx, books, emptyReport())
}
