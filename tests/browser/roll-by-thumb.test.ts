/**
 * A roll by touch on a small phone: one tap a person, the tapped row stays under the thumb, and the figures stay in sight. Asked of
 * the browser after each tap, at the next frames and when the mark has come.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { civilDate } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { branchId } from '../support/endpoint.ts'
import { allDelivered } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { SMALL, startPhones, type Phone, type Phones } from './support/phones.ts'
import { serveHall, type ServedHall } from './support/served-hall.ts'

const unit = branchId('第一支部')
const meeting = idFrom('thumb-test', 'meeting')
const sitting = idFrom('thumb-test', 'sitting')
const path = `/meetings/${meeting}/roll/${sitting}`
const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹']
let hall: ServedHall
let phones: Phones
let phone: Phone
/** Members of the branch that the bureau begins with. */
let begun = 0

const addMember = (n: number) =>
  hall.endpoint.put('membership', idFrom('thumb-test', 'member', String(n)), {
    personId: idFrom('thumb-test', 'person', String(n)),
    unitId: unit,
    name: `${SURNAMES[n % SURNAMES.length]!}某${n}`,
    staffNo: '',
    memberKind: 'full',
    votingRight: true,
    primary: true,
    handOrder: 0,
    from: '2020-01-01',
    to: null,
  })
/** So many people, all of them on the phone, and the roll opened anew. */
async function openWith(page: Page, people: number): Promise<void> {
  for (let n = begun; n < people; n++) await addMember(n)
  begun = people
  await page.reload()
  await expect.poll(() => expected(page), { timeout: 60_000 }).toBe(people)
  await page.reload()
  await expect.poll(() => rows(page).count(), { timeout: 30_000 }).toBe(people)
  // The page has put itself together: nobody aims at a row before.
  await page.waitForTimeout(1000)
}
const rows = (page: Page) => page.locator('[data-person]')
const expected = async (page: Page) => Number(await page.locator('.strip dd').first().textContent())
const present = async (page: Page) => Number(await page.locator('.strip dd').nth(1).textContent())

beforeAll(async () => {
  hall = await serveHall()
  await hall.endpoint.put('meeting', meeting, {
    unitId: unit,
    kindId: meetingKindId('支部党员大会'),
    title: '支部党员大会（示例）',
    date: civilDate(Date.now()),
    sittings: [{ id: sitting, name: '全体', startsAt: Date.now() - 60_000, place: '' }],
  })
  phones = await startPhones()
  phone = await phones.open(SMALL, { isMobile: true })
  await signIn(phone.page, hall.url, '1001')
  await allDelivered(phone.page)
  await phone.page.goto(hall.url + path)
  await rows(phone.page).first().waitFor()
  begun = await expected(phone.page)
}, 120_000)
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

interface Tapped {
  /** How far the row stood from its place, at most, in the frames after the tap until its mark was on the screen (px). */
  movedPx: number
  /** The figures stood on the screen, whole, in each of these frames. */
  figuresSeen: boolean
}

/** Follows the row from the moment before the touch, frame by frame. */
async function tapAndFollow(page: Page, personId: string): Promise<Tapped> {
  const button = page.locator(`[data-person="${personId}"] .state.present`)
  const box = (await button.boundingBox())!
  const watching = page.evaluate(async (id) => {
    const row = document.querySelector(`[data-person="${id}"]`)!
    const strip = document.querySelector('.strip')!
    const from = row.getBoundingClientRect().top
    let [movedPx, figuresSeen, framesAfter] = [0, true, 0]
    const until = performance.now() + 10_000
    while (framesAfter < 6 && performance.now() < until) {
      await new Promise(requestAnimationFrame)
      movedPx = Math.max(movedPx, Math.abs(row.getBoundingClientRect().top - from))
      const { top, bottom } = strip.getBoundingClientRect()
      figuresSeen &&= top >= 0 && bottom <= innerHeight / 2
      if (row.querySelector('.state.present.on') !== null) framesAfter++
    }
    if (framesAfter === 0) throw new Error('the tap was not answered')
    return { movedPx, figuresSeen }
  }, personId)
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
  return await watching
}

/** The persons whose button is seen whole between the figures and the foot, from top to bottom. */
const inReach = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-person]')]
      .filter((row) => {
        const button = row.querySelector('.state.present')!
        const { left, top, width, bottom } = button.getBoundingClientRect()
        return [top + 2, bottom - 2].every((y) => document.elementFromPoint(left + width / 2, y) === button)
      })
      .map((row) => row.dataset.person!),
  )
/** A finger pushes the list up by most of a screen. */
async function pushUp(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Input.synthesizeScrollGesture', { x: 100, y: 560, yDistance: -340, speed: 1600 })
  await session.detach()
  // The list has come to rest.
  await page.evaluate(async () => {
    let [last, still] = [-1, 0]
    while (still < 5) {
      await new Promise(requestAnimationFrame)
      still = scrollY === last ? still + 1 : 0
      last = scrollY
    }
  })
}

it('takes 50 people with 50 taps, and no row moves under the thumb', async () => {
  const { page } = phone
  await openWith(page, 50)
  const order = await rows(page).evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.person!))
  const tapped = new Set<string>()
  const moves: number[] = []
  for (let push = 0; tapped.size < 50 && push < 20; push++) {
    for (const personId of await inReach(page)) {
      if (tapped.has(personId)) continue
      const { movedPx, figuresSeen } = await tapAndFollow(page, personId)
      tapped.add(personId)
      moves.push(movedPx)
      expect(figuresSeen, `the figures at tap ${tapped.size}`).toBe(true)
    }
    if (tapped.size < 50) await pushUp(page)
  }
  expect(moves).toHaveLength(50)
  console.log(`50 taps: a row moved by ${Math.max(...moves)} px at most`)
  expect(Math.max(...moves)).toBeLessThanOrEqual(1)
  await expect.poll(() => present(page)).toBe(50)
  expect(
    await rows(page).evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.person!)),
  ).toEqual(order)
  await page.getByRole('link', { name: '完成考勤' }).waitFor()
  expect(phone.troubles).toEqual([])
}, 240_000)

it('300 people: opens, is scrolled by hand, and marks far down without a jump', async () => {
  const { page } = phone
  await openWith(page, 300)
  const moves: number[] = []
  for (let push = 0; push < 12; push++) {
    await pushUp(page)
    const personId = await page.evaluate(
      (people) => {
        const open = people.filter(
          (id) => document.querySelector(`[data-person="${id}"] .state.present.on`) === null,
        )
        return open[Math.floor(open.length / 2)]
      },
      await inReach(page),
    )
    // Those of the first fifty are marked already.
    if (personId === undefined) continue
    const { movedPx, figuresSeen } = await tapAndFollow(page, personId)
    moves.push(movedPx)
    expect(figuresSeen).toBe(true)
  }
  expect(moves.length).toBeGreaterThan(5)
  console.log(`300 people, ${moves.length} taps on the way: a row moved by ${Math.max(...moves)} px at most`)
  expect(Math.max(...moves)).toBeLessThanOrEqual(1)
  await expect.poll(() => present(page)).toBe(50 + moves.length)
  expect(phone.troubles).toEqual([])
}, 240_000)

it('the measure itself sees a row that is pushed away as it is tapped', async () => {
  const { page } = phone
  const [personId] = (await inReach(page)).slice(-1)
  await page.evaluate(() =>
    document.querySelector('.rows')!.addEventListener('click', () => {
      const pushed = document.createElement('div')
      pushed.style.height = '12px'
      document.querySelector('.rows')!.before(pushed)
    }),
  )
  const { movedPx } = await tapAndFollow(page, personId!)
  expect(movedPx).toBeGreaterThanOrEqual(12)
})
