/**
 * 已学 and taking it back.
 *
 * Guaranteed, to the person who taps: however often and however fast, one state leaves one fact; a later state supersedes
 * every fact that stood before it; nothing waits for the network.
 */
import { shallowRef } from 'vue'
import { primaryUnitsOf, readActor } from '../../../storage/actor.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { InvalidFields, StorageTrouble } from '../../../storage/trouble.ts'
import type { LessonEntry } from '../list/lesson-list.ts'
import { isLearned, learnedState } from '../receipts.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const withoutUnit = '你还没有编入支部或科室，暂时不能标记“已学”。请告诉支部书记或系统管理员。'

/** @returns a sentence when it could not be written */
async function writeReceipt(phone: Phone, entry: LessonEntry, learned: boolean): Promise<string | undefined> {
  const { db, store, person } = phone
  const { id, fields } = entry.lesson
  const rows = await db.records('lesson-receipt').where('fields.lessonId').anyOf(entry.copyIds).toArray()
  const standing = learnedState(rows.filter((row) => row.fields.personId === person.id))
  const revision = fields.revision
  if (learned ? isLearned(standing, revision) : standing?.learned !== true) return undefined
  const { primaryUnitId } = primaryUnitsOf(await readActor(db, person.id, phone.now()))
  if (primaryUnitId === null) return withoutUnit
  await store.put('lesson-receipt', {
    personId: person.id,
    unitId: primaryUnitId,
    lessonId: id,
    week: fields.week,
    lessonTitle: fields.title,
    lessonRevision: revision,
    learned,
    supersedes: [...(standing?.headIds ?? [])],
  })
  return undefined
}

export function useLearned() {
  const phone = usePhone()
  const problem = shallowRef<string>()
  let isWriting = false

  const mark = async (entry: LessonEntry, learned: boolean): Promise<void> => {
    if (isWriting) return
    isWriting = true
    problem.value = undefined
    try {
      problem.value = await writeReceipt(phone, entry, learned)
    } catch (error) {
      if (!(error instanceof StorageTrouble || error instanceof InvalidFields)) throw error
      problem.value = sentenceOf(error)
    } finally {
      isWriting = false
    }
  }
  return { mark, problem }
}
