/**
 * A question before something that can't be taken back easily. `useConfirm()` in setup, then `await confirm({...})`.
 * Guaranteed: every question is answered once; questions come one after another; leaving by Escape, the ground or
 * the back button means no.
 */
import { computed, shallowRef } from 'vue'
import type { ComputedRef } from 'vue'
import { perApp } from './per-app.ts'

export interface Question {
  readonly title: string
  readonly text?: string
  /** The words on the two buttons; say the act, such as 撤回文件. */
  readonly yes?: string
  readonly no?: string
}

interface Asked {
  readonly question: Question
  readonly answer: (yes: boolean) => void
}

export interface ConfirmQueue {
  readonly current: ComputedRef<Question | undefined>
  ask(question: Question): Promise<boolean>
  answer(yes: boolean): void
}

export const createConfirmQueue = (): ConfirmQueue => {
  const asked = shallowRef<readonly Asked[]>([])
  return {
    current: computed(() => asked.value[0]?.question),
    ask: (question) =>
      new Promise((resolve) => {
        asked.value = [...asked.value, { question, answer: resolve }]
      }),
    answer(yes) {
      const [first, ...rest] = asked.value
      asked.value = rest
      first?.answer(yes)
    },
  }
}

export const useConfirmQueue = perApp(createConfirmQueue)

export const useConfirm = (): ((question: Question) => Promise<boolean>) => useConfirmQueue().ask
