/**
 * How the app looks on this phone: theme, 长辈版, size and face of reading text.
 *
 * Guaranteed: the choice is on the document before the first paint when called before mounting, it survives a restart,
 * and a phone that refuses localStorage (private mode, full disk) still gets every setting until the page is closed.
 * It belongs to the phone, not to a person: nothing of it is ever sent.
 */
import { computed, reactive, readonly, ref, watch } from 'vue'
import type { ComputedRef, DeepReadonly } from 'vue'
import {
  APPEARANCE,
  parseAppearance,
  readAppearance,
  showOn,
  type AppearanceChoice,
} from './kept-appearance.ts'

export interface Appearance {
  readonly choice: DeepReadonly<AppearanceChoice>
  /** The theme that is seen, with 'auto' resolved. */
  readonly isDark: ComputedRef<boolean>
  choose(change: Partial<AppearanceChoice>): void
}

const darkQuery = '(prefers-color-scheme: dark)'

const writeStored = (choice: AppearanceChoice): void => {
  try {
    localStorage.setItem(APPEARANCE, JSON.stringify(choice))
  } catch {
    // Storage refused: the choice holds until the page is closed.
  }
}

const applyTo = (root: HTMLElement, choice: AppearanceChoice, isDark: boolean): void => {
  showOn(root, choice)
  const paper = isDark ? '#151311' : '#faf8f4'
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
}

const createAppearance = (root: HTMLElement): Appearance => {
  const choice = reactive(readAppearance())
  const media = window.matchMedia?.(darkQuery)
  const systemIsDark = ref(media?.matches ?? false)
  media?.addEventListener('change', (event) => {
    systemIsDark.value = event.matches
  })
  const isDark = computed(() => choice.theme === 'dark' || (choice.theme === 'auto' && systemIsDark.value))

  watch([choice, isDark], () => applyTo(root, choice, isDark.value), { immediate: true, flush: 'sync' })

  return {
    choice: readonly(choice),
    isDark,
    choose(change) {
      Object.assign(choice, parseAppearance({ ...choice, ...change }))
      writeStored({ ...choice })
    },
  }
}

// One look for each document, since the attributes on its root are one; tests get a fresh one with a fresh document.
const appearances = new WeakMap<HTMLElement, Appearance>()

export const useAppearance = (): Appearance => {
  const root = document.documentElement
  const held = appearances.get(root)
  if (held) return held
  const appearance = createAppearance(root)
  appearances.set(root, appearance)
  return appearance
}
