/**
 * Scrolling the longest list of the app, the people of a branch, with 10,000 of them and beside it with 300: steady scrolling by
 * the wheel (a headless browser takes no thumb), the page's main thread four times slower.
 */
import type { Page } from 'playwright-core'
import { CROWD_UNITS } from '../../fill/fill-hall.ts'
import { openPhone, slowDown, type AppPhone } from '../../support/app/phone.ts'
import { holdsAll } from '../../support/app/rows.ts'
import type { Stage } from '../../support/app/stage.ts'
import { profiled } from '../../support/bench.ts'
import { ms, percent, percentile, whole, type Report } from '../../support/report.ts'

const SLOWDOWN = 4
const SWEEPS = { count: 8, distance: 4000, speed: 4000 }
const FRAME_MS = 1000 / 60
const ROWS = '#main [role="listitem"]'
/** More than a screen holds. */
const FIRST = 20

interface Scrolled {
  unit: string
  people: number
  rows: number
  /** Until the first rows of it, and until all of them, had been drawn. */
  firstMs: number
  openMs: number
  frames: number[]
  scrolledBy: number
  lastInSight: boolean
}

declare global {
  // oxlint-disable-next-line no-var -- what a page's own script leaves behind is a global
  var benchFrames: { gaps: number[]; stop: () => void }
}

const watchFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const gaps: number[] = []
    let last = performance.now()
    let going = true
    const next = () => {
      const now = performance.now()
      gaps.push(now - last)
      last = now
      if (going) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
    globalThis.benchFrames = { gaps, stop: () => (going = false) }
  })

/**
 * Until so many rows stand and a frame with them has been drawn; before that, until the first of them are there instead of
 * those of the list before.
 */
const opened = (page: Page, people: number): Promise<{ firstMs: number; openMs: number }> =>
  page.evaluate(
    ([selector, count, few]) =>
      new Promise<{ firstMs: number; openMs: number }>((resolve) => {
        const from = performance.now()
        const lead = () => document.querySelector('#main .note')?.textContent ?? ''
        const leadBefore = lead()
        let firstMs = 0
        const look = () => {
          const rows = document.querySelectorAll(selector).length
          if (firstMs === 0 && rows >= few && lead() !== leadBefore) firstMs = performance.now() - from
          if (rows === count)
            requestAnimationFrame(() =>
              setTimeout(() => resolve({ firstMs, openMs: performance.now() - from })),
            )
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    [ROWS, people, FIRST] as [string, number, number],
  )

async function scroll(phone: AppPhone, unit: string, people: number): Promise<Scrolled> {
  const { page, cdp } = phone
  await slowDown(cdp, SLOWDOWN)
  const opening = opened(page, people)
  await page.getByLabel('单位').selectOption({ label: unit })
  const { firstMs, openMs } = await opening
  await page.waitForTimeout(1000)
  await page.evaluate(() => scrollTo(0, 0))
  await watchFrames(page)
  for (let sweep = 0; sweep < SWEEPS.count; sweep++) {
    // Down and, at the end, a little up again, as one who has gone past a name does.
    const yDistance = sweep === SWEEPS.count - 1 ? SWEEPS.distance / 2 : -SWEEPS.distance
    await cdp.send('Input.synthesizeScrollGesture', {
      x: 195,
      y: 600,
      yDistance,
      speed: SWEEPS.speed,
      gestureSourceType: 'mouse',
    })
  }
  const { frames, scrolledBy } = await page.evaluate(() => {
    globalThis.benchFrames.stop()
    return { frames: globalThis.benchFrames.gaps, scrolledBy: scrollY }
  })
  await slowDown(cdp, 1)
  const { rows, lastInSight } = await page.evaluate(async (selector) => {
    const all = document.querySelectorAll(selector)
    const last = all[all.length - 1]!
    last.scrollIntoView({ block: 'center' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { top, bottom } = last.getBoundingClientRect()
    return {
      rows: all.length,
      lastInSight: top >= 0 && bottom <= innerHeight && last.textContent.trim() !== '',
    }
  }, ROWS)
  return { unit, people, rows, firstMs, openMs, frames, scrolledBy, lastInSight }
}

export async function scrolling(stage: Stage): Promise<Report> {
  const { child, url } = await stage.serve('crowd')
  const { profile } = await stage.prepare('crowd')
  stage.bench.log('滚动名单')
  const phone = await openPhone(stage.bench, { profile: profile() })
  const runs: Scrolled[] = []
  for (const { name, people } of CROWD_UNITS) {
    await phone.page.goto(`${url}/members`)
    await phone.page.locator(ROWS).first().waitFor()
    runs.push(await profiled(phone.page, `scroll-${people}`, () => scroll(phone, name, people)))
  }
  const equal = await holdsAll(phone.page, child.port)
  await phone.close()

  const dropped = ({ frames }: Scrolled) => {
    const expected = frames.reduce((sum, gap) => sum + gap, 0) / FRAME_MS
    return Math.max(0, 1 - frames.length / expected)
  }
  return {
    tables: [
      {
        title: `The people of a branch, main thread ${SLOWDOWN} times slower, ${SWEEPS.count} sweeps of ${whole(SWEEPS.distance)} px at ${whole(SWEEPS.speed)} px/s`,
        head: [
          'rows',
          'first rows after',
          'all stand after',
          'frames',
          'dropped',
          'p95 of a frame',
          'longest',
        ],
        rows: runs.map((run) => [
          whole(run.rows),
          ms(run.firstMs),
          ms(run.openMs),
          whole(run.frames.length),
          percent(dropped(run)),
          ms(percentile(run.frames, 0.95)),
          ms(Math.max(...run.frames)),
        ]),
      },
    ],
    checks: [
      {
        sentence: `as many rows stand as people belong (${runs.map((run) => whole(run.rows)).join(', ')}), and the last comes into sight`,
        holds: runs.every((run) => run.rows === run.people && run.lastInSight),
      },
      {
        sentence: `the page moved (${runs.map((run) => `${whole(run.scrolledBy)} px`).join(', ')})`,
        holds: runs.every((run) => run.scrolledBy > SWEEPS.distance),
      },
      {
        sentence: 'the phone holds what the endpoint sends, and the browser reported no fault',
        holds: equal && phone.troubles.length === 0,
      },
    ],
    budgets: [],
    notes: [
      'frames are those of the page’s main thread; the compositor may move what is drawn already while one is late',
    ],
  }
}
