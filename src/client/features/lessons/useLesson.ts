/** One lesson as the reader shows it, with its copies, its column and what the person marked. */
import { computed } from 'vue'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone, type Phone } from '../../storage/phone.ts'
import type { LessonEntry } from './list/lesson-list.ts'
import { learnedState } from './receipts.ts'

async function readLesson({ db, person }: Phone, id: string) {
  const lesson = await db.records('lesson').get(id)
  if (lesson === undefined) return null
  const [copyIds, column, receipts] = await Promise.all([
    db.records('lesson').where('fields.issueId').equals(lesson.fields.issueId).primaryKeys(),
    db.records('column').get(lesson.fields.columnId),
    db.records('lesson-receipt').where('fields.personId').equals(person.id).toArray(),
  ])
  const own = receipts.filter((row) => copyIds.includes(row.fields.lessonId))
  const entry: LessonEntry = { lesson, copyIds }
  return { entry, columnName: column?.fields.name ?? '每周一课', state: learnedState(own) }
}

/** Undefined while it is read, null when it is not on the phone. */
export function useLesson(id: () => string) {
  const phone = usePhone()
  const read = useLiveOrLoading(() => readLesson(phone, id()), [id])
  return {
    read,
    fields: computed(() => read.value?.entry.lesson.fields),
    entry: computed(() => read.value?.entry),
    state: computed(() => read.value?.state),
  }
}
