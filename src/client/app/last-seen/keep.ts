/**
 * Keeps 今日 as it is seen, for the next opening (show.ts). What is kept goes as soon as anything on the phone changes, and comes
 * again when the screen has followed; so it never tells less than was done, nor anything to another person.
 */
import { Dexie, type ObservabilitySet } from 'dexie'
import { civilDate, civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import type { Phone } from '../../storage/phone.ts'
import { isStillComing } from '../../ui/page/after-first-paint.ts'
import { isAtToday } from '../../ui/page/opens-today.ts'
import { LAST_SEEN, pathOfSheet, type LastSeen } from './show.ts'

/** After the last change of the screen. */
const SETTLED_AFTER_MS = 500
/** After a change on the phone that the screen has not shown: an old phone reads that long, or there is nothing to show. */
const FOLLOWED_AFTER_MS = 3000
/** What speaks of the moment, or belongs to the app rather than to the day. */
const OF_THE_MOMENT = '[role=status], [role=alert], [role=dialog], .skip'
/** Whose words are of the moment, and whose place is needed. */
const DELIVERY = '[aria-label="送达状态"]'
/** Contact, cursors and the like: nothing that 今日 shows. */
const UNSEEN_TABLES = ['meta', 'outbox', 'blobs', 'pieces']

/** A page in the background does not follow at once. */
const isTodayOpen = (): boolean => isAtToday() && document.visibilityState === 'visible'

/** Nothing in it can be reached by key, found by id or followed by the browser. */
function pictureOf(app: Element): string {
  const picture = app.cloneNode(true) as Element
  for (const part of picture.querySelectorAll(OF_THE_MOMENT)) part.remove()
  const places = app.querySelectorAll<HTMLElement>(DELIVERY)
  for (const [n, part] of picture.querySelectorAll<HTMLElement>(DELIVERY).entries()) {
    part.style.height = `${places[n]!.offsetHeight}px`
    part.replaceChildren()
  }
  for (const part of picture.querySelectorAll('[id]')) part.removeAttribute('id')
  for (const part of picture.querySelectorAll('a, button, [tabindex]')) {
    const to = part.getAttribute('href')
    if (to !== null) part.setAttribute('data-to', to)
    part.removeAttribute('href')
    if (part.tagName !== 'A') part.setAttribute('tabindex', '-1')
  }
  return picture.innerHTML
}

function endOfDay(phone: Pick<Phone, 'now'>): number {
  const now = phone.now()
  return Date.now() + civilInstant(civilDate(now + DAY_MS)) - now
}

const drop = (): void => localStorage.removeItem(LAST_SEEN)

/** @returns how to stop; what was kept is gone then */
export function startKeepingLastSeen(phone: Pick<Phone, 'now' | 'db' | 'person'>): () => void {
  const app = document.querySelector('#app')!
  let timer: ReturnType<typeof setTimeout> | undefined
  const keep = (): void => {
    if (!isTodayOpen() || isStillComing() || document.querySelector('[role=dialog]') !== null) return
    const seen: LastSeen = {
      person: phone.person.id,
      sheet: pathOfSheet(),
      width: innerWidth,
      from: Date.now(),
      until: endOfDay(phone),
      html: pictureOf(app),
    }
    try {
      localStorage.setItem(LAST_SEEN, JSON.stringify(seen))
    } catch {
      // No room for it: the next opening shows bones, not what was there before.
      drop()
    }
  }
  const keepAfter = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(keep, ms)
  }
  const keepSoon = (): void => keepAfter(SETTLED_AFTER_MS)
  const keepWhenFollowed = (): void => keepAfter(FOLLOWED_AFTER_MS)
  const noteChange = (changed: ObservabilitySet): void => {
    const parts = Object.keys(changed).filter(
      (part) => part === 'all' || part.startsWith(`idb://${phone.db.name}/`),
    )
    if (parts.every((part) => UNSEEN_TABLES.includes(part.split('/')[3] ?? ''))) return
    drop()
    keepWhenFollowed()
  }
  const screen = new MutationObserver(keepSoon)
  screen.observe(app, { subtree: true, childList: true, characterData: true })
  Dexie.on('storagemutated', noteChange)
  document.addEventListener('visibilitychange', keepWhenFollowed)
  keepSoon()
  return () => {
    screen.disconnect()
    Dexie.on.storagemutated.unsubscribe(noteChange)
    document.removeEventListener('visibilitychange', keepWhenFollowed)
    clearTimeout(timer)
    drop()
  }
}
