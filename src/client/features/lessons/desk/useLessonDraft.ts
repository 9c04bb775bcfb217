/** A draft, saved on this phone as it is typed; begun from what is published when there is no draft yet. */
import { useDebounceFn, useEventListener } from '@vueuse/core'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { usePhone } from '../../../storage/phone.ts'
import { StorageTrouble } from '../../../storage/trouble.ts'
import { readDraft, removeDraft, writeDraft } from './draft-store.ts'
import { draftOfLesson, newDraft, type LessonDraft } from './lesson-draft.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const pauseMs = 500

/** Without the reactive wrapping, which the database cannot keep. */
export const plainDraft = (draft: LessonDraft): LessonDraft =>
  JSON.parse(JSON.stringify(draft)) as LessonDraft

export function useLessonDraft(issueId: string, options: { isNew: boolean }) {
  const phone = usePhone()
  const { db } = phone
  /** Undefined while it is read, null when there is neither a draft nor a lesson. */
  const draft = ref<LessonDraft | null>()
  const problem = shallowRef<string>()
  const state = ref<'published' | 'typing' | 'saved'>('published')
  let isKeeping = true

  const read = async (): Promise<void> => {
    const kept = await readDraft(db, issueId)
    const copies = await db.records('lesson').where('fields.issueId').equals(issueId).toArray()
    const standing = draftOfLesson(copies.map((row) => row.fields))
    draft.value = kept ?? standing ?? (options.isNew ? newDraft(issueId, phone.now()) : null)
    if (kept) state.value = 'saved'
    watch(draft, onChange, { deep: true })
  }
  const flush = async (): Promise<void> => {
    if (state.value !== 'typing' || !draft.value || !isKeeping) return
    try {
      const saving = { ...plainDraft(draft.value), savedAt: phone.now() }
      state.value = 'saved'
      await writeDraft(db, saving)
      problem.value = undefined
    } catch (error) {
      state.value = 'typing'
      if (!(error instanceof StorageTrouble)) throw error
      problem.value = sentenceOf(error)
    }
  }
  const later = useDebounceFn(flush, pauseMs)
  const onChange = (): void => {
    state.value = 'typing'
    void later()
  }
  /** Published, or thrown away: nothing of it is written again. */
  const drop = async (): Promise<void> => {
    isKeeping = false
    await removeDraft(db, issueId)
  }

  void read()
  useEventListener(window, 'pagehide', () => void flush())
  useEventListener(document, 'visibilitychange', () => document.hidden && void flush())
  onScopeDispose(() => void flush())
  return { draft, state, problem, flush, drop }
}
