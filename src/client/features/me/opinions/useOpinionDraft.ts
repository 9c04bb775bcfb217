/** What is being written, kept as it is typed, so that a call or an empty battery takes nothing. Only on this phone. */
import { onMounted, ref, watch, type Ref } from 'vue'
import { dropKept, keepDraft, readKept } from '../../../storage/kept-drafts.ts'
import { usePhone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'

const KEY = 'opinion'
const LABEL = '意见建议'

export function useOpinionDraft(): {
  text: Ref<string>
  /** Why what is typed could not be kept; empty while it is. */
  notKept: Ref<string>
  clear(): Promise<void>
} {
  const { db } = usePhone()
  const text = ref('')
  const notKept = ref('')
  const save = async (value: string): Promise<void> => {
    if (value === '') await dropKept(db, KEY)
    else await keepDraft(db, KEY, value, LABEL)
    notKept.value = ''
  }
  const tell = (error: unknown): void => {
    notKept.value = sentenceOf(error, words.notKept)
  }

  // From the first letter on, also when what was kept has not been read yet.
  watch(text, (value) => void save(value).catch(tell))
  onMounted(async () => {
    try {
      const held = await readKept(db, KEY)
      if (text.value === '' && typeof held === 'string') text.value = held
    } catch (error) {
      tell(error)
    }
  })
  return {
    text,
    notKept,
    async clear() {
      text.value = ''
      await save('')
    },
  }
}
