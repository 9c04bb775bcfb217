/** What is being written, kept as it is typed, so that a call or an empty battery takes nothing. Only on this phone. */
import { onMounted, ref, watch, type Ref } from 'vue'
import { guarded } from '../../../storage/trouble.ts'
import { usePhone } from '../../../storage/phone.ts'

const KEY = 'draft:opinion'

export function useOpinionDraft(): { text: Ref<string>; clear(): Promise<void> } {
  const { db } = usePhone()
  const text = ref('')
  const save = (value: string) => guarded(db, () => db.meta.put({ key: KEY, value }))

  onMounted(async () => {
    const held = (await guarded(db, () => db.meta.get(KEY)))?.value
    if (text.value === '' && typeof held === 'string') text.value = held
    watch(text, save)
  })
  return {
    text,
    async clear() {
      text.value = ''
      await save('')
    },
  }
}
