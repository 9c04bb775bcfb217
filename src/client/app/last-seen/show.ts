/**
 * 今日, as it was last seen or drawn ahead, shown while the app comes: a page of its own words, before any of the app runs. With
 * the little that it asks it is a file of its own, which index.html loads first (vite.config.ts).
 *
 * Guaranteed: shown is what 今日 would show at this time from what the phone holds, as keep.ts kept it of the person who is signed
 * in, before the phone locks, in this version and width; since then nothing on the phone has changed that the app knew of.
 * Nothing of delivery is in it. A tap on it is carried out when the app stands (mountBehindBones); until then it is marked as taken.
 */
import { createRemembered, LOCK_AFTER_MS } from '../../remote/remembered.ts'
import { readAppearance, showOn } from '../../ui/device/kept-appearance.ts'
import { isAtToday } from '../../ui/page/opens-today.ts'

export const LAST_SEEN = 'wh-last-seen'

export interface LastSeen {
  person: string
  /** The path of the first style sheet: what was kept is of this version. */
  sheet: string
  /** CSS pixels. */
  width: number
  /** 需处理 that the tabs tell of; the words of the tabs. */
  attention: number
  tabs: string
  /** Each picture lies by itself, so that an opening reads one. */
  times: readonly ShownTime[]
}

export interface ShownTime {
  /** From when a picture is true, and when no longer: milliseconds of this phone's own clock. */
  from: number
  until: number
  /** Where its HTML lies. */
  key: string
}

export const pathOfSheet = (): string =>
  document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''

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
    showOn(document.documentElement, readAppearance())
    const bones = document.querySelector<HTMLElement>('#bones')
    if (bones === null || !isAtToday()) return
    const seen = JSON.parse(localStorage.getItem(LAST_SEEN) ?? '{}') as Partial<LastSeen>
    const session = createRemembered(localStorage).current()
    const isOpen = session?.expired === false && now < session.lastContactAt + LOCK_AFTER_MS
    const isSame =
      isOpen && seen.person === session.person.id && seen.sheet === pathOfSheet() && seen.width === innerWidth
    const time = seen.times?.find(({ from, until }) => from <= now && now < until)
    const html = isSame && time && localStorage.getItem(time.key)
    if (!html) return
    const picture = document.createElement('div')
    picture.setAttribute('aria-hidden', 'true')
    picture.innerHTML = html
    bones.className = 'last-seen'
    bones.replaceChildren(picture)
    bones.addEventListener('click', noteTap)
  } catch {
    // Storage refused, or its text damaged.
  }
}

showLastSeen()
