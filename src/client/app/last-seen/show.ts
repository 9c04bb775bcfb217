/**
 * 今日 as it was last seen, shown while the app comes: a page of its own words, before any of the app runs. A file of its own, which
 * index.html loads first; it stands alone.
 *
 * Guaranteed: shown is what keep.ts kept of the same person, on the same day of the bureau, in this version and width, and since
 * then nothing on the phone has changed that the app knew of. Nothing of delivery is in it. A tap on it is carried out when the
 * app stands (mountBehindBones); until then it is marked as taken.
 */
export const LAST_SEEN = 'wh-last-seen'

export interface LastSeen {
  person: string
  /** The path of the first style sheet: what was kept is of this version. */
  sheet: string
  /** CSS pixels. */
  width: number
  /** When it was kept, and when it is no longer true: milliseconds of this phone's own clock. */
  from: number
  until: number
  html: string
}

interface KnownSession {
  person: { id: string }
  expired: boolean
}

const read = <T>(key: string): Partial<T> | null =>
  JSON.parse(localStorage.getItem(key) ?? 'null') as T | null

export const pathOfSheet = (): string =>
  document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''

function showLook(): void {
  const look = read<{ theme: string; elder: boolean }>('window-hall.appearance')
  const root = document.documentElement
  if (look?.theme !== undefined) root.dataset['theme'] = look.theme
  root.toggleAttribute('data-elder', look?.elder === true)
}

function noteTap(this: HTMLElement, { target }: Event): void {
  const link = target instanceof Element ? target.closest<HTMLElement>('[data-to]') : null
  if (link === null) return
  this.querySelector('.taken')?.classList.remove('taken')
  link.classList.add('taken')
  this.dataset['to'] = link.dataset['to']
}

/** In place of the bones. Where anything is missing or damaged, they stay. */
export function showLastSeen(now = Date.now()): void {
  try {
    showLook()
    const bones = document.querySelector<HTMLElement>('#bones')
    if (bones === null || !['/', '/today'].includes(location.pathname)) return
    const seen = read<LastSeen>(LAST_SEEN)
    const session = read<KnownSession>('wh-session')
    const isSame =
      seen?.html !== undefined &&
      seen.person === session?.person?.id &&
      session?.expired === false &&
      seen.sheet === pathOfSheet() &&
      seen.width === innerWidth &&
      seen.from! <= now &&
      now < seen.until!
    if (!isSame) return
    const picture = document.createElement('div')
    picture.setAttribute('aria-hidden', 'true')
    picture.innerHTML = seen.html!
    bones.className = 'last-seen'
    bones.replaceChildren(picture)
    bones.addEventListener('click', noteTap)
  } catch {
    // Storage refused, or its text damaged.
  }
}

showLastSeen()
