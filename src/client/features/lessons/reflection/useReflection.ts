/**
 * 心得, saved as it is typed.
 *
 * Guaranteed, to the person who writes: every pause of half a second, every switch to another app and every leaving of the
 * page puts the text on the disk; what is being typed is never replaced by what arrives; a text that is too long for a
 * record is kept on the phone all the same and said to be too long.
 */
import { useDebounceFn, useEventListener } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { reflectionId } from '../../../../shared/lessons/reflection.ts'
import { dropKept, keepDraft, readKept } from '../../../storage/kept-drafts.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { InvalidFields, StorageTrouble } from '../../../storage/trouble.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const pauseMs = 500

export function useReflection(lessonId: string, lessonTitle: () => string) {
  const { db, store, person } = usePhone()
  const id = reflectionId(person.id, lessonId)
  const overKey = `too-long:${id}`
  const saved = useLiveOrLoading(async () => {
    const [row, over] = await Promise.all([db.records('reflection').get(id), readKept(db, overKey)])
    return { row, over: typeof over === 'string' ? over : undefined }
  })
  const text = ref('')
  const problem = shallowRef<string>()
  const isReady = ref(false)
  let known = ''
  let writing = Promise.resolve()

  const keepOver = async (value: string): Promise<void> => {
    try {
      await keepDraft(db, overKey, value, '心得')
      known = value
      problem.value = '超过 5000 字，先作为草稿留在本机。删减到 5000 字以内就会存好，联网后送达。'
    } catch (error) {
      if (!(error instanceof StorageTrouble)) throw error
      problem.value = sentenceOf(error)
    }
  }
  const write = async (value: string): Promise<void> => {
    try {
      const create = { personId: person.id, lessonId, lessonTitle: lessonTitle(), text: value }
      await store.edit('reflection', id, { text: value }, { create })
      await dropKept(db, overKey)
      known = value
      problem.value = undefined
    } catch (error) {
      if (!(error instanceof StorageTrouble || error instanceof InvalidFields)) throw error
      problem.value = sentenceOf(error)
      if (error instanceof InvalidFields) await keepOver(value)
    }
  }
  /** Writes go one after another: an older text never lands on a newer one. */
  const flush = (): Promise<void> => {
    writing = writing.then(() => (isReady.value && text.value !== known ? write(text.value) : undefined))
    return writing
  }
  const later = useDebounceFn(flush, pauseMs)

  watch(saved, (value) => {
    if (value === undefined) return
    const standing = value.over ?? value.row?.fields.text ?? ''
    if (isReady.value && text.value !== known) return
    known = standing
    text.value = standing
    isReady.value = true
  })
  watch(text, (value) => value !== known && void later())
  useEventListener(window, 'pagehide', () => void flush())
  useEventListener(document, 'visibilitychange', () => document.hidden && void flush())
  onScopeDispose(() => void flush())

  return {
    text,
    problem,
    isReady,
    flush,
    row: computed(() => saved.value?.row),
    /** Texts that were written on another phone at the same time and lost. */
    otherTexts: computed(() =>
      (saved.value?.row?.history ?? []).flatMap((lost) => {
        const words = lost['text'] ?? lost['value']
        return typeof words === 'string' ? [words] : []
      }),
    ),
  }
}
