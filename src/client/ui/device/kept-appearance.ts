/** The look that was chosen, as this phone keeps it. Stands alone: it is shown before any of the app runs. */
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

/** Its key. */
export const APPEARANCE = 'window-hall.appearance'
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

export const readAppearance = (): AppearanceChoice => {
  try {
    return parseAppearance(JSON.parse(localStorage.getItem(APPEARANCE) ?? 'null'))
  } catch {
    // Storage refused or its text damaged: the usual look is the right answer to both.
    return parseAppearance(null)
  }
}

/** What the sheets ask the root for. */
export const showOn = (root: HTMLElement, choice: AppearanceChoice): void => {
  root.dataset['theme'] = choice.theme
  root.dataset['readerSize'] = choice.readerSize
  root.dataset['readerFace'] = choice.readerFace
  root.toggleAttribute('data-elder', choice.elder)
}
