/** Books, their chapters, and which files of them this phone holds: followed in the database. */
import type { Book } from '../../../shared/books/book.ts'
import { readingPositionId } from '../../../shared/books/marks.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone, type Phone } from '../../storage/phone.ts'
import { inOrder, type ChapterRow } from './chapters.ts'
import { keepingOf, type Keeping } from './keeping.ts'

export interface BookOnPhone {
  id: string
  fields: Book
  chapters: readonly ChapterRow[]
  /** Hashes of the chapters' files that are here. */
  kept: ReadonlySet<string>
  keeping: Keeping
  position: { chapterId: string; paragraph: number } | undefined
}

async function readKept(db: Phone['db'], chapters: readonly ChapterRow[]): Promise<Set<string>> {
  const hashes = chapters.map(({ fields }) => fields.sha256)
  return new Set(await db.blobs.where('sha256').anyOf(hashes).primaryKeys())
}

async function readBook(
  { db, person }: Phone,
  id: string,
  fields: Book,
  rows: readonly ChapterRow[],
): Promise<BookOnPhone> {
  const chapters = inOrder(rows)
  const [kept, position] = await Promise.all([
    readKept(db, chapters),
    db.records('reading-position').get(readingPositionId(person.id, id)),
  ])
  const isHere = chapters.some((chapter) => chapter.id === position?.fields.chapterId)
  return {
    id,
    fields,
    chapters,
    kept,
    keeping: keepingOf(chapters, kept),
    position: isHere ? position?.fields : undefined,
  }
}

/** All books that are not withdrawn, in the order of the office. */
export function useShelf() {
  const phone = usePhone()
  return useLiveOrLoading(async () => {
    const [books, chapters] = await Promise.all([
      phone.db.records('book').toArray(),
      phone.db.records('book-chapter').toArray(),
    ])
    const shown = books
      .filter((book) => !book.fields.withdrawn)
      .sort((a, b) => a.fields.order - b.fields.order || (a.id < b.id ? -1 : 1))
    return Promise.all(
      shown.map((book) =>
        readBook(
          phone,
          book.id,
          book.fields,
          chapters.filter((chapter) => chapter.fields.bookId === book.id),
        ),
      ),
    )
  })
}

/** Undefined while it is read, null when it is not on the phone. */
export function useBook(id: () => string) {
  const phone = usePhone()
  return useLiveOrLoading(async () => {
    const book = await phone.db.records('book').get(id())
    if (book === undefined) return null
    const chapters = await phone.db.records('book-chapter').where('fields.bookId').equals(id()).toArray()
    return readBook(phone, id(), book.fields, chapters)
  }, [id])
}
