/**
 * How the app looks on this phone: theme, 长辈版, size and face of reading text.
 *
 * Guaranteed: the choice is on the document before the first paint when called before mounting, it survives a restart,
 * and a phone that refuses localStorage (private mode, full disk) still gets every setting until the page is closed.
 * It belongs to the phone, not to a person: nothing of it is ever sent.
 */
import { computed, reactive, readonly, ref, watch } from 'vue'
import type { ComputedRef, DeepReadonly } from 'vue'

export const themes = ['auto', 'light', 'dark'] as const
export const readerSizes = ['small', 'medium', 'large', 'largest'] as const
export const readerFaces = ['serif', 'sans'] as const

export type Theme = (typeof themes)[number]
export type ReaderSize = (typeof readerSizes)[number]
export type ReaderFace = (typeof readerFaces)[number]

export interface AppearanceChoice {
  theme: Theme
  elder: boolean
  readerSize: ReaderSize
  readerFace: ReaderFace
}

export interface Appearance {
  readonly choice: DeepReadonly<AppearanceChoice>
  /** The theme that is seen, with 'auto' resolved. */
  readonly isDark: ComputedRef<boolean>
  choose(change: Partial<AppearanceChoice>): void
}

const storageKey = 'window-hall.appearance'
const darkQuery = '(prefers-color-scheme: dark)'

const oneOf = <T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T =>
  allowed.find((candidate) => candidate === value) ?? otherwise

/** Reads any stored value; what it doesn't know becomes the usual choice. */
export const parseAppearance = (stored: unknown): AppearanceChoice => {
  const held = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>
  return {
    theme: oneOf(themes, held['theme'], 'auto'),
    elder: held['elder'] === true,
    readerSize: oneOf(readerSizes, held['readerSize'], 'medium'),
    readerFace: oneOf(readerFaces, held['readerFace'], 'serif'),
  }
}

const readStored = (): AppearanceChoice => {
  try {
    return parseAppearance(JSON.parse(localStorage.getItem(storageKey) ?? 'null'))
  } catch {
    // Storage refused or its text damaged: the usual look is the right answer to both.
    return parseAppearance(null)
  }
}

const writeStored = (choice: AppearanceChoice): void => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(choice))
  } catch {
    // Storage refused: the choice holds until the page is closed.
  }
}

const applyTo = (root: HTMLElement, choice: AppearanceChoice, isDark: boolean): void => {
  root.dataset['theme'] = choice.theme
  root.dataset['readerSize'] = choice.readerSize
  root.dataset['readerFace'] = choice.readerFace
  root.toggleAttribute('data-elder', choice.elder)
  const paper = isDark ? '#151311' : '#faf8f4'
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
}

const createAppearance = (root: HTMLElement): Appearance => {
  const choice = reactive(readStored())
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
