/**
 * Two phones with no network at all: one shows its roll as codes, the other films them, goes on with the roll, and delivers
 * both when it is back. Real frames of the one browser through the camera of the other.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { personIdOf } from '../support/endpoint.ts'
import { allDelivered } from './support/acts.ts'
import { openBrowser, signIn, workerReady, type PhoneBrowser } from './support/browser.ts'
import { cameraFlags, writeFilm, type Picture } from './support/camera-film.ts'
import { MEETING, serveHall, SITTING, type ServedHall } from './support/served-hall.ts'

const folder = mkdtempSync(join(tmpdir(), 'window-hall-film-'))
const film = join(folder, 'codes.y4m')
let hall: ServedHall
let giver: PhoneBrowser
let taker: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  giver = await openBrowser()
  taker = await openBrowser({ flags: cameraFlags(film) })
  await signIn(giver.page, hall.url, '1001')
  await workerReady(giver.page)
  await allDelivered(giver.page)
  // After the other: the other's key comes along.
  await signIn(taker.page, hall.url, '1007')
  await workerReady(taker.page)
  await allDelivered(taker.page)
})
afterAll(async () => {
  await giver?.close()
  await taker?.close()
  await hall?.close()
  rmSync(folder, { recursive: true, force: true })
})

const rollPath = `/meetings/${MEETING}/roll/${SITTING}`
const marksAt = async () =>
  (await hall.endpoint.store.read((tx) => tx.records({ types: ['roll-mark'] })))
    .filter(({ fields }) => fields.includes(MEETING))
    .map(({ id, author }) => ({ id, author }))
const tap = (page: Page, staffNo: string, state: string) =>
  page.locator(`[data-person="${personIdOf(staffNo)}"] .state.${state}`).click()

/** Each code once, as its pixels stand on the screen. */
async function filmOf(page: Page): Promise<Picture[]> {
  const canvas = page.locator('canvas.code')
  await canvas.waitFor()
  const total = Number(/共 (\d+) 张/.exec((await canvas.getAttribute('aria-label')) ?? '')?.[1])
  const seen = new Map<string, Picture>()
  while (seen.size < total) {
    const { place, width, height, ink } = await canvas.evaluate((element) => {
      const own = element as HTMLCanvasElement
      const { data } = own.getContext('2d')!.getImageData(0, 0, own.width, own.height)
      let pixels = ''
      for (let at = 0; at < data.length; at += 4) pixels += data[at]! < 128 ? '1' : '0'
      return { place: own.dataset.place!, width: own.width, height: own.height, ink: pixels }
    })
    seen.set(place, { width, height, luma: Uint8Array.from(ink, (bit) => (bit === '1' ? 20 : 235)) })
    await page.waitForTimeout(60)
  }
  return [...seen.values()]
}

it('takes a roll over through the camera, goes on with it, and delivers both', async () => {
  for (const { context } of [giver, taker]) await context.setOffline(true)
  const { page } = giver
  await page.goto(`${hall.url}${rollPath}`)
  for (const staffNo of ['1002', '1003', '1004', '1005']) await tap(page, staffNo, 'present')
  await page.getByText('4 条已存本机，待送达').waitFor()
  await page.goto(`${hall.url}${rollPath}/hand-over`)
  await page.getByText('一共 4 条，其中 4 条待送达').waitFor()
  const pictures = await filmOf(page)
  expect(pictures.length).toBeGreaterThan(1)
  // The camera comes in somewhere in the middle, sees one twice, and another code lies on the desk.
  writeFilm(film, [...pictures.slice(1), pictures[1]!, ...pictures])

  const other = taker.page
  await other.goto(`${hall.url}${rollPath}/hand-over`)
  await other.getByRole('radio', { name: '接收' }).check()
  await other.getByRole('button', { name: '打开相机' }).click()
  await other.getByText('已接收 陈静的 4 条记录').waitFor({ timeout: 20_000 })
  await other.getByText('已存本机，待送达').first().waitFor()
  await other.getByRole('link', { name: '接着考勤' }).click()
  await tap(other, '1001', 'present')
  await other.getByText('5 条已存本机，待送达').waitFor()
  expect(await marksAt()).toEqual([])

  await taker.context.setOffline(false)
  await other.getByText('5 条已送达').waitFor({ timeout: 30_000 })
  const authors = (await marksAt()).map(({ author }) => author).sort()
  expect(authors).toEqual([personIdOf('1007'), ...Array.from({ length: 4 }, () => personIdOf('1001'))].sort())
  await giver.context.setOffline(false)
  await page.goto(`${hall.url}${rollPath}`)
  await page.getByText('5 条已送达').waitFor({ timeout: 30_000 })
  expect(await marksAt()).toHaveLength(5)
  expect([...giver.troubles, ...taker.troubles]).toEqual([])
}, 120_000)

it('takes the file as well, and a foreign one with a sentence', async () => {
  const { page } = giver
  await page.goto(`${hall.url}${rollPath}/hand-over`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '用文件交出' }).click()
  const path = await (await download).path()
  expect(readFileSync(path, 'utf8')).toContain('window-hall-carry')
  const other = taker.page
  await other.goto(`${hall.url}${rollPath}/hand-over`)
  await other.getByRole('radio', { name: '接收' }).check()
  await other.locator('input[type=file]').setInputFiles(path)
  await other.getByText('这些记录本机都有了').waitFor()
  await other
    .locator('input[type=file]')
    .setInputFiles({ name: '通知.txt', mimeType: 'text/plain', buffer: Buffer.from('明天开会') })
  await other.getByText('这不是考勤交接的内容，没有收下。').waitFor()
})
