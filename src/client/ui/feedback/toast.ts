/**
 * A line that says what has just happened, and goes by itself. Never the only place where something is said: what needs
 * the person stays on the screen as an ErrorNote or in 需处理. It waits while it is held, by a finger or by the focus.
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
  /** No line goes until `release`, which gives each its whole time again. */
  hold(): void
  release(): void
}

const plainMs = 4000
const withActMs = 8000
const mostAtOnce = 2

export const createToastList = (): ToastList => {
  const toasts = ref<readonly Toast[]>([])
  let nextId = 1
  let isHeld = false
  let timers: ReturnType<typeof setTimeout>[] = []
  const dismiss = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }
  const goLater = ({ id, act }: Pick<Toast, 'id' | 'act'>): void => {
    if (!isHeld) timers.push(setTimeout(() => dismiss(id), act ? withActMs : plainMs))
  }
  return {
    toasts: readonly(toasts),
    show(text, act) {
      const id = nextId
      nextId += 1
      toasts.value = [...toasts.value, { id, text, act }].slice(-mostAtOnce)
      goLater({ id, act })
      return () => dismiss(id)
    },
    dismiss,
    hold() {
      isHeld = true
      timers.forEach(clearTimeout)
      timers = []
    },
    release() {
      if (!isHeld) return
      isHeld = false
      toasts.value.forEach(goLater)
    },
  }
}

export const useToast = perApp(createToastList)
