/** For 今日: the book that one is in, when one is in one. */
import type { TodaySource } from '../../ui/today.ts'
import { inOrder, percentOf } from './chapters.ts'

export const todayItems: TodaySource = {
  order: 60,
  tables: ['book', 'reading-position', 'book-chapter'],
  async load({ phone }) {
    const { db, person } = phone
    const books = (await db.records('book').toArray()).filter((book) => !book.fields.withdrawn)
    const positions = await db.records('reading-position').toArray()
    const begun = books
      .flatMap((book) => {
        const position = positions.find(
          ({ fields }) => fields.bookId === book.id && fields.personId === person.id,
        )
        return position === undefined ? [] : [{ book, position }]
      })
      .sort((a, b) => b.position.observedAt - a.position.observedAt)
    for (const { book, position } of begun) {
      const { chapterId, paragraph } = position.fields
      const chapters = inOrder(
        await db.records('book-chapter').where('fields.bookId').equals(book.id).toArray(),
      )
      const chapter = chapters.find(({ id }) => id === chapterId)
      const percent = percentOf(chapters, chapterId, paragraph)
      const isEnd = chapters.at(-1)?.id === chapterId && percent >= 100
      if (chapter === undefined || isEnd) continue
      return [
        {
          key: book.id,
          title: `接着读《${book.fields.title}》`,
          second: `${chapter.fields.title} · 全书 ${percent}%`,
          group: 'week',
          to: `/books/${book.id}/${chapterId}`,
        },
      ]
    }
    return []
  },
}
