/**
 * A line that says what has just happened, and goes by itself. Never the only place where something is said: what needs
 * the person stays on the screen as an ErrorNote or in 需处理.
 */
import { readonly, ref } from 'vue'
import type { DeepReadonly, Ref } from 'vue'
import { perApp } from './per-app.ts'

export interface ToastAct {
  readonly label: string
  readonly run: () => void
}

export interface Toast {
  readonly id: number
  readonly text: string
  readonly act?: ToastAct
}

export interface ToastList {
  readonly toasts: DeepReadonly<Ref<readonly Toast[]>>
  /** Shows a line; with an act (撤销) it stays longer. Returns how to take it away early. */
  show(text: string, act?: ToastAct): () => void
  dismiss(id: number): void
}

const plainMs = 4000
const withActMs = 8000
const mostAtOnce = 2

export const createToastList = (): ToastList => {
  const toasts = ref<readonly Toast[]>([])
  let nextId = 1
  const dismiss = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }
  return {
    toasts: readonly(toasts),
    show(text, act) {
      const id = nextId
      nextId += 1
      toasts.value = [...toasts.value, { id, text, act }].slice(-mostAtOnce)
      setTimeout(() => dismiss(id), act ? withActMs : plainMs)
      return () => dismiss(id)
    },
    dismiss,
  }
}

export const useToast = perApp(createToastList)
