/** Where the reader stopped in a lesson: one paragraph, private. */
import { readingPositionId } from '../../../../shared/books/marks.ts'
import { usePhone } from '../../../storage/phone.ts'
import { useReadingPlace } from '../../../ui/reading/use-reading-place.ts'

export function useLessonPlace(lessonId: () => string, root: () => HTMLElement | null | undefined) {
  const { store, person } = usePhone()
  const save = async (paragraph: number): Promise<void> => {
    const place = { personId: person.id, bookId: lessonId(), chapterId: lessonId(), paragraph }
    try {
      await store.edit(
        'reading-position',
        readingPositionId(person.id, lessonId()),
        { paragraph },
        { create: place },
      )
    } catch {
      // A place that could not be kept costs one swipe; a message in the middle of reading would cost more.
    }
  }
  const place = useReadingPlace({ root, save: (paragraph) => void save(paragraph) })

  /** The text stands on the page: reopen where one stopped; a text that was revised since begins with what was revised. */
  const reopen = async (isRevised: boolean): Promise<void> => {
    const position = await store.get('reading-position', readingPositionId(person.id, lessonId()))
    place.begin(isRevised ? 0 : (position?.fields.paragraph ?? 0))
  }
  return { reopen }
}
