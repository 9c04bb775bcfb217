/** The one place where a reader stopped in a book: chapter and paragraph, private, the same on all of one's phones. */
import { readingPositionId } from '../../../../shared/books/marks.ts'
import { usePhone } from '../../../storage/phone.ts'
import { useReadingPlace } from '../../../ui/reading/use-reading-place.ts'

export function useBookPlace(bookId: string, chapterId: string, root: () => HTMLElement | null | undefined) {
  const { store, person } = usePhone()
  const id = readingPositionId(person.id, bookId)
  let isNewChapter = true

  const save = async (paragraph: number): Promise<void> => {
    try {
      const create = { personId: person.id, bookId, chapterId, paragraph }
      await store.edit('reading-position', id, { chapterId, paragraph }, { create })
    } catch {
      // A place that could not be kept costs one swipe; a message in the middle of reading would cost more.
    }
  }
  const place = useReadingPlace({
    root,
    save: (paragraph) => void save(paragraph),
    savesUnmoved: () => isNewChapter,
    savesEnd: true,
  })

  /** The text stands on the page: reopen where one stopped, if it was in this chapter. */
  const reopen = async (): Promise<void> => {
    const position = await store.get('reading-position', id)
    isNewChapter = position?.fields.chapterId !== chapterId
    place.begin(isNewChapter ? 0 : (position?.fields.paragraph ?? 0))
  }
  return { reopen, reached: place.reached }
}
