/**
 * What a page of a meeting writes as its last act: once at a time, back to the meeting when it is stored; when it is not, said in a
 * sentence, and the page stays as it is.
 */
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { sentenceOf } from '../../../ui/sentence-of.ts'

/** @param remedy what to do when it failed for no known reason */
export function useMeetingAct(meetingId: string, remedy: string) {
  const router = useRouter()
  const saving = ref(false)
  const trouble = ref('')
  return {
    saving,
    trouble,
    async act(work: () => Promise<unknown>): Promise<void> {
      if (saving.value) return
      saving.value = true
      try {
        await work()
        await router.replace(`/meetings/${meetingId}`)
      } catch (error) {
        trouble.value = sentenceOf(error, remedy)
      } finally {
        saving.value = false
      }
    },
  }
}
