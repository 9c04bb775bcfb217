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
/** The narrowest in which nothing may scroll sideways (WCAG 1.4.10): a desk at 400 %, and the first small phones. */
export const NARROW = mode('320 px', { width: 320, height: 568 })
/** A window of 1280 × 800 at 200 %. */
const ZOOMED = mode('200 %', { width: 640, height: 400 })
/** The same look as LIGHT in another width. */
export const NARROWER: readonly Mode[] = [NARROW, ZOOMED]
export const MODES: readonly Mode[] = [
  LIGHT,
  mode('深色', SMALL, 'dark'),
  ELDER,
  ...NARROWER,
  mode('1280 px', { width: 1280, height: 800 }),
]

/** The look alone, in place, as the page of settings does it: it is in attributes of the root. */
export async function putOn(page: Page, { size, theme, isElder }: Mode): Promise<void> {
  const held = page.viewportSize()
  if (held?.width !== size.width || held.height !== size.height) await page.setViewportSize(size)
  await page.evaluate(
    ([look, elder]) => {
      const root = document.documentElement
      const everything = new CSSStyleSheet()
      // Rows out of sight are laid out too: all of a page is looked at. And at once: under reduced motion every change is a
      // transition of 1 ms, through which an inherited size would pass down one level a frame, with a layout in each.
      everything.replaceSync(
        '* { content-visibility: visible !important } *, ::before, ::after { transition: none !important }',
      )
      document.adoptedStyleSheets = [everything]
      root.dataset['theme'] = look
      root.toggleAttribute('data-elder', elder)
    },
    [theme, isElder] as const,
  )
}

/** The look, and the page at rest in it. */
export async function wear(page: Page, mode: Mode): Promise<void> {
  await putOn(page, mode)
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
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
    // What is done on the page next moves as it does for everybody.
    document.adoptedStyleSheets[0]?.replaceSync('* { content-visibility: visible !important }')
  })
}
