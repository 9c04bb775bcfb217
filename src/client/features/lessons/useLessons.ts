/** The lessons on this phone and what the person marked, followed. */
import { computed } from 'vue'
import { civilDate, isoWeek } from '../../../shared/civil-time.ts'
import type { Column } from '../../../shared/lessons/column.ts'
import { usePrimaryUnits } from '../../storage/actor.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone } from '../../storage/phone.ts'
import { visibleLessons, type LessonEntry } from './list/lesson-list.ts'
import { receiptsByLesson, stateOfCopies } from './receipts.ts'
import { useClock } from './use-clock.ts'

export function useColumns() {
  const { db } = usePhone()
  const rows = useLiveOrLoading(() => db.records('column').toArray())
  const columnsById = computed(() => new Map<string, Column>(rows.value?.map((row) => [row.id, row.fields])))
  const columns = computed(() =>
    (rows.value ?? [])
      .map((row) => ({ id: row.id, ...row.fields }))
      .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)),
  )
  return { columns, columnsById }
}

/** Receipts of the person, by lesson. */
export function useReceipts() {
  const { db, person } = usePhone()
  const rows = useLiveOrLoading(() =>
    db.records('lesson-receipt').where('fields.personId').equals(person.id).toArray(),
  )
  const byLesson = computed(() => receiptsByLesson(rows.value ?? []))
  return {
    isReady: computed(() => rows.value !== undefined),
    stateOf: (entry: LessonEntry) => stateOfCopies(byLesson.value, entry.copyIds),
  }
}

export function useLessons() {
  const { db } = usePhone()
  const units = usePrimaryUnits()
  const now = useClock()
  const rows = useLiveOrLoading(() => db.records('lesson').toArray())
  const ownUnitIds = computed(() => {
    const { primaryUnitId, branchId, groupId, sectionId } = units.value
    return [primaryUnitId, branchId, groupId, sectionId].filter((id) => id !== null)
  })
  const entries = computed(() => rows.value && visibleLessons(rows.value, now.value, ownUnitIds.value))
  const thisWeek = computed(() => isoWeek(civilDate(now.value)))
  return { entries, thisWeek, now }
}
