/** The looks and sizes in which every page is walked. */
import type { Page } from 'playwright-core'

export interface Mode {
  name: string
  size: { width: number; height: number }
  theme: 'light' | 'dark'
  isElder: boolean
}

const SMALL = { width: 360, height: 740 }
const mode = (name: string, size: Mode['size'], theme: Mode['theme'] = 'light', isElder = false): Mode => ({
  name,
  size,
  theme,
  isElder,
})
export const LIGHT = mode('浅色', SMALL)
export const ELDER = mode('长辈版', SMALL, 'light', true)
export const MODES: readonly Mode[] = [
  LIGHT,
  mode('深色', SMALL, 'dark'),
  ELDER,
  // A window of 1280 × 800 at 200 %.
  mode('200 %', { width: 640, height: 400 }),
  mode('1280 px', { width: 1280, height: 800 }),
]

/** In place, as the page of settings does it: the look is in attributes of the root. */
export async function wear(page: Page, { size, theme, isElder }: Mode): Promise<void> {
  const held = page.viewportSize()
  if (held?.width !== size.width || held.height !== size.height) await page.setViewportSize(size)
  await page.evaluate(
    async ([look, elder]) => {
      const root = document.documentElement
      const everything = new CSSStyleSheet()
      everything.replaceSync('* { content-visibility: visible !important }')
      root.dataset['theme'] = look
      root.toggleAttribute('data-elder', elder)
      // Rows out of sight are laid out too: all of a page is looked at.
      document.adoptedStyleSheets = [everything]
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      // Reduced motion gives every change a transition of 1 ms, and an inherited size passes down one level in each.
      const rested = async () => {
        for (let still = 0, left = 90; still < 3 && left > 0; left--) {
          await frame()
          still = document.getAnimations().some(({ playState }) => playState === 'running') ? 0 : still + 1
        }
      }
      await rested()
      // A page opens in its look: a text field, which measures itself when its width changes, does it again.
      const fields = document.querySelectorAll('textarea')
      for (const width of fields.length > 0 ? ['calc(100% - 1px)', ''] : []) {
        for (const field of fields) field.style.width = width
        await rested()
      }
    },
    [theme, isElder] as const,
  )
}
