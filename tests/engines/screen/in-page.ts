/** What runs in the page. Each function stands alone: it is sent there as text. */

export interface Sought {
  kind: 'button' | 'link' | 'field' | 'heading' | 'text' | 'css'
  /** A part of the name, or all of it with `exact`; a selector for `css`. */
  name: string
  exact?: boolean
  /** Only in an element of this selector that has this text. */
  within?: { css: string; text?: string }
}

export interface Seen {
  x: number
  y: number
  width: number
  height: number
  text: string
  value: string | null
  /** Nothing lies over its middle, and it takes a touch. */
  isOnTop: boolean
}

/** The first visible element that is meant, brought into view. */
export function look(sought: Sought): Seen | null {
  const SELECTORS = {
    button: 'button, [role=button], [role=switch], [role=radio], [role=tab], input[type=submit], label',
    link: 'a[href]',
    field: 'input, textarea, select, [contenteditable=true]',
    heading: 'h1, h2, h3, [role=heading]',
    text: 'body *',
    css: sought.name,
  }
  const plain = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()
  const labelOf = (element: Element): string => {
    const ids = element.getAttribute('aria-labelledby')
    if (ids !== null)
      return plain(
        ids
          .split(' ')
          .map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent)
          .join(' '),
      )
    const said = element.getAttribute('aria-label')
    if (said !== null) return plain(said)
    const { labels } = element as HTMLInputElement
    return labels !== undefined && labels !== null && labels.length > 0
      ? plain([...labels].map((label) => label.textContent).join(' '))
      : plain(element.textContent)
  }
  const isMeant = (element: Element): boolean => {
    if (sought.kind === 'css') return true
    const name = sought.kind === 'text' ? plain((element as HTMLElement).innerText) : labelOf(element)
    return sought.exact === true ? name === sought.name : name.includes(sought.name)
  }
  const isVisible = (element: Element): boolean =>
    element.getClientRects().length > 0 &&
    getComputedStyle(element).visibility === 'visible' &&
    element.closest('[inert]') === null
  const roots =
    sought.within === undefined
      ? [document.body]
      : [...document.querySelectorAll<HTMLElement>(sought.within.css)].filter(
          (root) => isVisible(root) && plain(root.textContent).includes(sought.within?.text ?? ''),
        )
  for (const root of roots) {
    const all = [...root.querySelectorAll(SELECTORS[sought.kind])].filter((e) => isMeant(e) && isVisible(e))
    // A text is in all that holds it: the innermost is meant.
    const element =
      sought.kind === 'text' ? all.find((e) => !all.some((o) => o !== e && e.contains(o))) : all[0]
    if (element === undefined) continue
    element.scrollIntoView({ block: 'center', behavior: 'instant' })
    const { left, top, width, height } = element.getBoundingClientRect()
    const x = Math.round(left + width / 2)
    const y = Math.round(top + height / 2)
    const over = document.elementFromPoint(x, y)
    const takesTouch = getComputedStyle(element).pointerEvents !== 'none'
    return {
      x,
      y,
      width,
      height,
      text: plain((element as HTMLElement).innerText),
      value: 'value' in element ? String(element.value) : null,
      isOnTop: takesTouch && over !== null && (element.contains(over) || over.contains(element)),
    }
  }
  return null
}

/** What a person would say is on the screen, for the message of a failure. */
export const wordsOnScreen = (): string => document.body.innerText.replaceAll(/\s+/g, ' ').slice(0, 400)

/** Another page of the app without loading it anew, as a tap on a link does. */
export async function follow(path: string): Promise<void> {
  interface Mounted extends Element {
    __vue_app__: { config: { globalProperties: { $router: { push(path: string): Promise<unknown> } } } }
  }
  const root = document.querySelector<Mounted>('#app')!
  // oxlint-disable-next-line no-underscore-dangle -- the handle that Vue leaves on its root
  await root.__vue_app__.config.globalProperties.$router.push(path)
}

/** Until the service worker runs, so that a start without network has something to start from. */
export async function untilWorkerRuns(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  if (active!.state === 'activated') return
  await new Promise<void>((resolve) => {
    active!.addEventListener('statechange', () => active!.state === 'activated' && resolve())
  })
}

/** What is written in a field is marked, so that what is typed takes its place. */
export function markAll(): void {
  const field = document.activeElement
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select()
}
