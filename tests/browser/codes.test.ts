/**
 * Codes through a real camera's way: Chromium's fake camera plays a film of the codes that real pages show, rotating, and both
 * phones are without network when they meet.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RollClaim } from '../../src/shared/meetings/codes/roll-claim.ts'
import type { RollMark } from '../../src/shared/meetings/roll-mark.ts'
import { personIdOf } from '../support/endpoint.ts'
import { BACK_ONLINE } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { EMPTY, makeFilm, pictureOfCode, type Film } from './support/camera-film.ts'
import { startPhones, type Phone, type Phones } from './support/phones.ts'
import { MEETING, serveHall, SITTING, type ServedHall } from './support/served-hall.ts'

let hall: ServedHall
let showers: Phones
const films: Film[] = []
beforeAll(async () => {
  hall = await serveHall()
  showers = await startPhones()
}, 60_000)
afterAll(async () => {
  await showers?.close()
  await hall?.close()
  for (const film of films) film.remove()
})

const roll = `/meetings/${MEETING}/roll/${SITTING}`
const stored = async <T>(type: string): Promise<T[]> =>
  (await hall.endpoint.store.read((tx) => tx.records({ types: [type] }))).map(
    (r) => JSON.parse(r.fields) as T,
  )

/** Half a minute goes by: for the phone's clock and for the even time alike. */
const halfAMinute = (phone: Phone) =>
  phone.page.evaluate(() => {
    const [now, even] = [Date.now.bind(Date), performance.now.bind(performance)]
    Date.now = () => now() + 30_000
    performance.now = () => even() + 30_000
  })
async function shown(staffNo: string, path: string): Promise<Phone> {
  const phone = await showers.open()
  await signIn(phone.page, hall.url, staffNo)
  await phone.page.goto(hall.url + path)
  await phone.page.locator('svg.qr').waitFor()
  await phone.context.setOffline(true)
  return phone
}
async function nextCode(phone: Phone): Promise<void> {
  const path = phone.page.locator('svg.qr path').last()
  const before = await path.getAttribute('d')
  await halfAMinute(phone)
  await expect.poll(() => path.getAttribute('d'), { timeout: 5_000 }).not.toBe(before)
}
async function inFrontOf(film: Film, staffNo: string) {
  films.push(film)
  const phones = await startPhones(film.args)
  const phone = await phones.open()
  await signIn(phone.page, hall.url, staffNo)
  // Everything that the scanner needs comes before the network goes.
  await workerReady(phone.page)
  return { phone, close: () => phones.close() }
}

it('the officer reads rotating codes with no network: each person once, named, undone and delivered later', async () => {
  const fang = await shown('1003', '/my-code')
  const frames = [await pictureOfCode(fang.page)]
  await nextCode(fang)
  frames.push(await pictureOfCode(fang.page, -0.1))
  const ming = await shown('1002', '/my-code')
  const other = await pictureOfCode(ming.page, 0.2)
  const film = makeFilm([
    { picture: frames[0]!, seconds: 1.5 },
    { picture: frames[1]!, seconds: 1.5 },
    { picture: EMPTY, seconds: 0.5 },
    { picture: other, seconds: 1.5 },
    { picture: EMPTY, seconds: 20 },
  ])
  const { phone, close } = await inFrontOf(film, '1001')
  const { page, context } = phone
  await page.goto(`${hall.url}${roll}`)
  await page.getByRole('link', { name: '扫码' }).waitFor()
  await context.setOffline(true)
  await page.getByRole('link', { name: '扫码' }).click()
  const rows = page.locator('.item')
  await expect.poll(() => rows.allInnerTexts(), { timeout: 20_000 }).toHaveLength(3)
  const said = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
  expect(said.filter((text) => text === '王芳 到会')).toHaveLength(1)
  expect(said.filter((text) => text === '李明 到会')).toHaveLength(1)
  expect(said.filter((text) => text.includes('王芳 已记到会，没有重复'))).toHaveLength(1)
  await page.getByRole('button', { name: '撤销' }).click()
  await expect.poll(() => rows.allInnerTexts()).toContainEqual(expect.stringContaining('已撤销'))
  expect(await stored('roll-mark')).toEqual([])
  await page.getByRole('link', { name: '回到名单' }).click()
  await page.getByText('3 条已存本机，待送达').waitFor()

  await context.setOffline(false)
  await expect.poll(async () => (await stored<RollMark>('roll-mark')).length, { timeout: 20_000 }).toBe(3)
  const marks = await stored<RollMark>('roll-mark')
  const ofFang = marks.filter(({ personId }) => personId === personIdOf('1003'))
  expect(ofFang[0]).toMatchObject({ method: 'scan', state: 'present', byHand: '' })
  expect(ofFang[0]?.proof?.signature).toMatch(/^[\w-]{86}$/)
  expect([...phone.troubles, ...fang.troubles]).toEqual([])
  await close()
})

it('members read the officer’s code: 待送达 until it is, and the officer’s phone makes the mark', async () => {
  const officer = await shown('1001', `${roll}/show`)
  const film = makeFilm([
    { picture: await pictureOfCode(officer.page), seconds: 3 },
    { picture: EMPTY, seconds: 1 },
  ])
  const { phone, close } = await inFrontOf(film, '1007')
  const { page, context } = phone
  await page.goto(`${hall.url}/meetings/${MEETING}`)
  await page.getByRole('heading', { name: /支部党员大会/ }).waitFor()
  await page.goto(`${hall.url}/my-code`)
  await page.locator('svg.qr').waitFor()
  await context.setOffline(true)
  await page.getByRole('link', { name: '扫会场码' }).click()
  await page.getByText('已存本机，联网后送达').waitFor({ timeout: 20_000 })
  expect(await page.locator('.item').allInnerTexts()).toEqual([expect.stringContaining('待送达')])
  await context.setOffline(false)
  await page.locator('#main').getByText('已送达', { exact: true }).waitFor(BACK_ONLINE)
  expect(await stored<RollClaim>('roll-claim')).toMatchObject([{ personId: personIdOf('1007') }])

  await officer.context.setOffline(false)
  const marks = async () =>
    (await stored<RollMark>('roll-mark')).filter(({ personId }) => personId === personIdOf('1007'))
  // The officer's phone comes back, gets the claim, and delivers the mark.
  await expect
    .poll(marks, { timeout: 2 * BACK_ONLINE.timeout })
    .toMatchObject([{ method: 'scan', state: 'present' }])
  expect((await marks())[0]?.proof?.claimId).not.toBeNull()
  await officer.page.getByText('扫会场码记入 1 人').waitFor()
  expect([...phone.troubles, ...officer.troubles]).toEqual([])
  await close()
})
