/** One roll on its way to this phone, as codes or as a file. Checked first; taken whole or not at all; then it is sent on. */
import { computed, ref, shallowRef } from 'vue'
import { usePhone } from '../../../../storage/phone.ts'
import { useDelivery } from '../../../../sync/delivery-state.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { createCollector } from './frames.ts'
import { takeBundle, type Taken } from './take-bundle.ts'

/** A roll of 300 with corrections is below one megabyte. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

export function useTakeRoll() {
  const phone = usePhone()
  const delivery = useDelivery()
  const collector = createCollector()
  const progress = ref<{ have: number; total: number }>()
  const hint = ref('')
  const trouble = ref('')
  const taken = shallowRef<Taken>()
  const isTaking = ref(false)
  const isFilming = ref(false)
  /** The camera gives no picture. */
  const isBlind = ref(false)
  /** Counts how often it was begun: a camera that did not open is tried anew. */
  const round = ref(0)
  const hasNews = computed(() => {
    if (taken.value === undefined) return false
    const { added, meetingAdded, edit } = taken.value
    return added > 0 || meetingAdded || edit === 'added'
  })

  async function take(text: string): Promise<void> {
    isTaking.value = true
    try {
      const answer = await takeBundle(phone, text)
      if (answer.type === 'refused') trouble.value = answer.sentence
      else taken.value = answer
      // What waits goes as soon as there is a line.
      if (hasNews.value) void delivery.syncNow()
    } catch (error) {
      trouble.value = sentenceOf(error, '请再收一次。')
    } finally {
      isTaking.value = false
    }
  }
  function forget(): void {
    collector.clear()
    progress.value = undefined
    hint.value = trouble.value = ''
    taken.value = undefined
  }
  /** What was filmed so far is kept: the camera may be opened again. */
  function stop(): void {
    isFilming.value = isBlind.value = false
  }
  function begin(): void {
    forget()
    isFilming.value = true
    isBlind.value = false
    round.value++
  }
  /** What the camera reads, as often as it does. */
  function seen(text: string): void {
    const answer = collector.add(text)
    if (answer.type === 'more') {
      progress.value = answer
      hint.value = ''
    } else if (answer.type === 'whole') {
      forget()
      stop()
      void take(answer.text)
    } else if (answer.type === 'foreign') hint.value = '这不是考勤交接码。'
    else if (answer.type === 'other') {
      hint.value = '这是另一次出示的码，没有收。如果对方重新打开过，请点“重新收”。'
    } else {
      progress.value = undefined
      hint.value = '有一张没有读准，正在重新收。'
    }
  }
  async function choose(file: File): Promise<void> {
    forget()
    stop()
    // Larger than any roll: read as text it would only be found foreign after a long wait.
    await take(file.size > MAX_FILE_BYTES ? '' : await file.text())
  }
  return {
    progress,
    hint,
    trouble,
    taken,
    hasNews,
    isTaking,
    isFilming,
    isBlind,
    round,
    begin,
    stop,
    forget,
    seen,
    choose,
  }
}
export type TakeRoll = ReturnType<typeof useTakeRoll>
