/**
 * Every page of the app in every mode: as who it is made for, in the demo bureau. At 360 px light, dark and 长辈版;
 * at 200 % zoom; the desk and the main pages at 1280 px. What is measured stands in support/walk/.
 */
import { createMemoryHistory } from 'vue-router'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { laterRoutes } from '../../src/client/later-routes.ts'
import { createAppRouter } from '../../src/client/router.ts'
import { DEMO_PASSWORD } from '../../src/server/demo/accounts.ts'
import { allDelivered } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { SMALL, startPhones, type Phones } from './support/phones.ts'
import { serveDemo, type DemoHall } from './support/walk/demo-hall.ts'
import { MODES } from './support/walk/modes.ts'
import { placesOf, type Places } from './support/walk/places.ts'
import { sameTitles, walk } from './support/walk/walk.ts'

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

/** Two at once: as many as the machine has cores. */
async function inTwos<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const left = [...items.entries()]
  const done: R[] = []
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) done[next[0]] = await run(next[1])
  }
  await Promise.all([work(), work()])
  return done
}

/** Long lists of pages in halves, so that both cores have work to the end. */
const halves = (paths: readonly string[]) =>
  paths.length < 14 ? [paths] : [paths.slice(0, paths.length / 2), paths.slice(paths.length / 2)]

it('names a page for every route', async () => {
  const router = createAppRouter({ state: 'signed-in', locked: false }, createMemoryHistory())
  for (const route of laterRoutes) router.addRoute(route)
  const all = [...places.open, ...places.roles.flatMap(({ own }) => own)]
  const walked = new Set(all.map((path) => router.resolve(path).matched.at(-1)?.path))
  const routes = router.getRoutes().filter(
    // The gallery of components is for development, and not in the built app.
    ({ redirect, path }) => redirect === undefined && path !== '/gallery',
  )
  expect(routes.map(({ path }) => path).filter((path) => !walked.has(path))).toEqual([])
})

it('finds no fault on any page in any mode', { timeout: 600_000 }, async () => {
  const parts = [
    { staffNo: undefined, paths: places.open },
    ...places.roles.flatMap(({ staffNo, own }) => halves(own).map((paths) => ({ staffNo, paths }))),
  ].toSorted((a, b) => b.paths.length - a.paths.length)
  const walked = await inTwos(parts, async ({ staffNo, paths }) => {
    const phone = await phones.open(SMALL, { reducedMotion: 'reduce' })
    if (staffNo === undefined) await phone.page.goto(`${hall.url}/sign-in`)
    else {
      await signIn(phone.page, hall.url, staffNo, DEMO_PASSWORD)
      await allDelivered(phone.page)
    }
    const found = await walk(phone, paths, modesOf)
    await phone.context.close()
    return found
  })
  const titles = new Map(walked.flatMap((part) => [...part.titles]))
  const faults = [...walked.flatMap((part) => part.faults), ...sameTitles(titles)]
  const visits = walked.reduce((sum, part) => sum + part.visits, 0)
  console.log(`${titles.size} pages, ${MODES.length} modes, ${visits} visits, ${faults.length} faults`)
  expect(faults.join('\n')).toBe('')
  expect(hall.problems).toEqual([])
})
