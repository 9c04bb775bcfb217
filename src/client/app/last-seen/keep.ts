/**
 * Keeps 今日 for the next opening (show.ts): as it is seen, and then, when the app has nothing else to do, as it will be for the
 * rest of this day and for the next three (draw-ahead.ts), also while another page is open.
 *
 * Guaranteed: what is kept is what 今日 would show at its time from what the phone holds. It goes as soon as anything on the phone
 * changes, and comes again from what has changed; so it never tells less than was done, nor anything to another person.
 */
import { Dexie, type ObservabilitySet } from 'dexie'
import { watch } from 'vue'
import { civilDate, civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import type { Delivery } from '../../sync/delivery-state.ts'
import { isStillComing } from '../../ui/page/after-first-paint.ts'
import { isAtToday } from '../../ui/page/opens-today.ts'
import { dayInWords } from '../../ui/words.ts'
import type { DrawingPhone, DrawnPage } from './draw-ahead.ts'
import { currentFrame, frameOfKept, holds, type Frame } from './frame.ts'
import { DAYS_AHEAD, dropPictures, keepPictures, readKept } from './kept.ts'
import { partsOf, picturesOf } from './picture.ts'
import { pathOfSheet } from './show.ts'

/** After the last change of the screen. */
const SETTLED_AFTER_MS = 500
/** After a change on the phone that the screen has not shown: an old phone reads that long, or there is nothing to show. */
const FOLLOWED_AFTER_MS = 3000
/** After the last change of anything: whoever has just opened the app uses it first. */
const DRAWN_AFTER_MS = 12_000
/** By so much two readings of one clock never differ. */
const CLOCK_MS = 1000
/** Contact, cursors and the like: nothing that 今日 shows. */
const UNSEEN_TABLES = ['meta', 'outbox', 'blobs', 'pieces']

/** A page in the background does not follow at once. */
const isTodayOpen = (): boolean => isAtToday() && document.visibilityState === 'visible'

export type KeepingPhone = DrawingPhone & { delivery: Pick<Delivery, 'summary'> }

/** @returns how to stop; what was kept is gone then */
export function startKeepingLastSeen(phone: KeepingPhone): () => void {
  const app = document.querySelector('#app')!
  const { summary } = phone.delivery
  let settling: ReturnType<typeof setTimeout> | undefined
  let idling: ReturnType<typeof setTimeout> | undefined
  let frame: Frame | undefined = frameOfKept(phone.person.id)
  let pages: readonly DrawnPage[] = []
  /** The day on which all that is kept was drawn ahead; '' while it is not. */
  let drawnOn = ''
  /** Of the drawing that is under way, or was last: one that was overtaken ends. */
  let turn = 0

  const today = (): string => civilDate(phone.now())
  const midnight = (): number => civilInstant(today())
  /** Of this phone's own clock. */
  const clockOffset = (): number => Math.round((Date.now() - phone.now()) / CLOCK_MS) * CLOCK_MS
  const write = (): void => {
    if (pages.length === 0) return
    if (frame === undefined || !holds(frame, summary.value)) {
      dropPictures()
      return
    }
    const { element, ...of } = frame
    const offset = clockOffset()
    const pictureOf = picturesOf(element)
    const pictures = pages.map(({ from, until, page }) => ({
      from: from + offset,
      until: until + offset,
      html: pictureOf(page),
    }))
    keepPictures({ person: phone.person.id, ...of }, pictures)
  }
  const keep = (): void => {
    if (!isTodayOpen() || isStillComing() || document.querySelector('[role=dialog]') !== null) return
    const seen = partsOf(app)
    // Just after midnight the screen may still show the day before.
    if (seen === undefined || !seen.page.includes(dayInWords(phone.now()))) return
    frame = currentFrame(seen.frame, summary.value)
    const html = picturesOf(seen.frame)(seen.page)
    const reach = pages.length === 0 ? reachOfSame(html) : 0
    if (reach > 0) drawnOn = reach === midnight() + clockOffset() + (DAYS_AHEAD + 1) * DAY_MS ? today() : ''
    else if (drawnOn !== today() || pages.length === 0) {
      drawnOn = ''
      pages = [{ from: phone.now(), until: midnight() + DAY_MS, page: seen.page }]
    }
    write()
    drawAfter(DRAWN_AFTER_MS)
  }
  /** Until when an earlier opening has drawn what is seen just the same now; 0: it has not. */
  const reachOfSame = (html: string): number => {
    const kept = readKept()
    if (kept?.html !== html || kept.of.person !== phone.person.id) return 0
    const { sheet, width, times } = kept.of
    return sheet === pathOfSheet() && width === innerWidth ? times.at(-1)!.until : 0
  }
  async function draw(): Promise<void> {
    if (drawnOn === today() || frame === undefined || summary.value.preparing) return
    const mine = ++turn
    const day = today()
    const drawn: DrawnPage[] = []
    const { drawAhead } = await import('./draw-ahead.ts')
    try {
      for await (const ofDay of drawAhead(phone)) {
        if (mine !== turn) return
        drawn.push(...ofDay)
      }
    } finally {
      if (mine === turn && drawn.length > 0) {
        pages = drawn
        drawnOn = day
        write()
      }
    }
  }
  const drawAfter = (ms: number): void => {
    clearTimeout(idling)
    // What cannot be read or drawn now is tried again after the next change.
    idling = setTimeout(() => void draw().catch(() => undefined), ms)
  }
  const keepAfter = (ms: number): void => {
    clearTimeout(settling)
    settling = setTimeout(keep, ms)
  }
  const drop = (): void => {
    turn += 1
    pages = []
    drawnOn = ''
    dropPictures()
  }
  const noteChange = (changed: ObservabilitySet): void => {
    const parts = Object.keys(changed).filter(
      (part) => part === 'all' || part.startsWith(`idb://${phone.db.name}/`),
    )
    if (parts.every((part) => UNSEEN_TABLES.includes(part.split('/')[3] ?? ''))) return
    drop()
    keepAfter(FOLLOWED_AFTER_MS)
    drawAfter(DRAWN_AFTER_MS)
  }
  const noteReturn = (): void => {
    keepAfter(FOLLOWED_AFTER_MS)
    drawAfter(DRAWN_AFTER_MS)
  }
  const screen = new MutationObserver(() => keepAfter(SETTLED_AFTER_MS))
  screen.observe(app, { subtree: true, childList: true, characterData: true })
  Dexie.on('storagemutated', noteChange)
  document.addEventListener('visibilitychange', noteReturn)
  const stopSummary = watch(
    () => [summary.value.waiting > 0, summary.value.attention, summary.value.preparing].join(),
    () => {
      write()
      drawAfter(DRAWN_AFTER_MS)
    },
  )
  keepAfter(SETTLED_AFTER_MS)
  drawAfter(DRAWN_AFTER_MS)
  return () => {
    screen.disconnect()
    Dexie.on.storagemutated.unsubscribe(noteChange)
    document.removeEventListener('visibilitychange', noteReturn)
    stopSummary()
    clearTimeout(settling)
    clearTimeout(idling)
    drop()
  }
}
