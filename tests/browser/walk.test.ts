/**
 * Every page of the app in every mode: as who it is made for, in the demo bureau. At 360 px light, dark and 长辈版;
 * at 320 px; at 200 % zoom; the desk and the main pages at 1280 px. What is measured stands in support/walk/.
 */
import { createMemoryHistory } from 'vue-router'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { laterRoutes } from '../../src/client/later-routes.ts'
import { createAppRouter } from '../../src/client/router.ts'
import { DEMO_PASSWORD } from '../../src/server/demo/accounts.ts'
import { allDelivered } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { SMALL, startPhones, WITHOUT_WORKER, type Phones } from './support/phones.ts'
import { serveDemo, type DemoHall } from './support/walk/demo-hall.ts'
import { MODES } from './support/walk/modes.ts'
import { placesOf, type Places } from './support/walk/places.ts'
import { sameTitles, walk, type Walked } from './support/walk/walk.ts'

let hall: DemoHall
let phones: Phones
let places: Places
beforeAll(async () => {
  hall = await serveDemo()
  places = await placesOf(hall)
  phones = await startPhones()
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

const modesOf = (path: string) => MODES.filter(({ size }) => size.width < 1280 || places.isWide(path))

/** Who walks which pages of the role; the longest first, so that two at once end together. */
const PARTS = [
  { role: 'member', part: 'first half' },
  { role: 'member', part: 'second half' },
  { role: 'secretary', part: 'first half' },
  { role: 'secretary', part: 'second half' },
  { role: 'office', part: 'all' },
  { role: 'nobody', part: 'all' },
  { role: 'scorer', part: 'all' },
  { role: 'administrator', part: 'all' },
]
const pagesOf = (role: string): { staffNo?: string; own: string[] } =>
  places.roles.find((each) => each.role === role) ?? { own: places.open }

const allPages = () => [...places.open, ...places.roles.flatMap(({ own }) => own)]

/** What is told of the service worker is seen with one. */
const tellsOfWorker = (path: string): boolean => /\/(install|offline|delivery|about)$/.test(path)

it('names a page for every route', async () => {
  const router = createAppRouter({ state: 'signed-in', locked: false }, createMemoryHistory())
  for (const route of laterRoutes) router.addRoute(route)
  const walked = new Set(allPages().map((path) => router.resolve(path).matched.at(-1)?.path))
  const routes = router.getRoutes().filter(
    // The gallery of components is for development, and not in the built app.
    ({ redirect, path }) => redirect === undefined && path !== '/gallery',
  )
  expect(routes.map(({ path }) => path).filter((path) => !walked.has(path))).toEqual([])
})

const walked: Walked[] = []

describe('finds no fault on any page in any mode', { timeout: 600_000 }, () => {
  it.concurrent.for(PARTS)('$role, $part', async ({ role, part }, { expect }) => {
    const { staffNo, own } = pagesOf(role)
    const middle = Math.ceil(own.length / 2)
    const paths = part === 'all' ? own : part === 'first half' ? own.slice(0, middle) : own.slice(middle)
    const worker = paths.some(tellsOfWorker) ? {} : WITHOUT_WORKER
    const phone = await phones.open(SMALL, { reducedMotion: 'reduce', ...worker })
    if (staffNo === undefined) await phone.page.goto(`${hall.url}/sign-in`)
    else {
      await signIn(phone.page, hall.url, staffNo, DEMO_PASSWORD)
      await allDelivered(phone.page)
    }
    const found = await walk(phone, paths, modesOf)
    await phone.context.close()
    walked.push(found)
    expect(found.faults.join('\n')).toBe('')
  })
})

it('gives each page a title of its own, and its endpoint no trouble', () => {
  const titles = new Map(walked.flatMap((part) => [...part.titles]))
  const visits = walked.reduce((sum, part) => sum + part.visits, 0)
  console.log(`${titles.size} pages, ${MODES.length} modes, ${visits} visits`)
  expect(new Set(titles.keys())).toEqual(new Set(allPages()))
  expect(sameTitles(titles)).toEqual([])
  expect(hall.problems).toEqual([])
})
