/** 分享给支部: a copy in the branch's scope. What is written later stays private until it is shared again. */
import { computed, shallowRef } from 'vue'
import { primaryUnitsOf, readActor } from '../../../storage/actor.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { InvalidFields, StorageTrouble } from '../../../storage/trouble.ts'
import { ownHeadIds, standingShares } from './shared-reflections.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export function useShare(lesson: () => { id: string; title: string }) {
  const { db, store, person, now } = usePhone()
  const rows = useLiveOrLoading(
    () => db.records('shared-reflection').where('fields.lessonId').equals(lesson().id).toArray(),
    [() => lesson().id],
  )
  const own = computed(() =>
    standingShares(rows.value ?? []).find((row) => row.fields.personId === person.id),
  )
  const problem = shallowRef<string>()
  let isWriting = false

  const write = async (text: string): Promise<void> => {
    const { branchId, primaryUnitId } = primaryUnitsOf(await readActor(db, person.id, now()))
    const unitId = branchId ?? primaryUnitId
    if (unitId === null) {
      problem.value = '你还没有编入支部，暂时不能分享。请告诉系统管理员；写下的都在，只有你自己看得到。'
      return
    }
    await store.put('shared-reflection', {
      personId: person.id,
      name: person.name,
      unitId,
      lessonId: lesson().id,
      lessonTitle: lesson().title,
      text,
      supersedes: ownHeadIds(rows.value ?? [], person.id),
    })
  }
  /** The same text twice is one share. */
  const share = async (text: string): Promise<void> => {
    if (isWriting || own.value?.fields.text === text.trim()) return
    isWriting = true
    problem.value = undefined
    try {
      await write(text)
    } catch (error) {
      if (!(error instanceof StorageTrouble || error instanceof InvalidFields)) throw error
      problem.value = sentenceOf(error)
    } finally {
      isWriting = false
    }
  }
  return { own, share, problem, isReady: computed(() => rows.value !== undefined) }
}
