/**
 * The pictures of the README, made by hand: `npx vite build && node tests/browser/pictures.ts`.
 *
 * A made-up bureau, the built app, a real browser; writes docs/pictures/five-screens.png (five phones side by side) and
 * docs/pictures/desk.png. Nothing of it reaches the network. Acts as a person would, by words that stand on the screens.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createApp } from '../../src/server/app.ts'
import { DEMO_PASSWORD, STAFF } from '../../src/server/demo/accounts.ts'
import { fillDemo } from '../../src/server/demo/fill.ts'
import { listen } from '../../src/server/listen.ts'
import { serveSite } from '../../src/server/site.ts'
import { createFolderBlobs } from '../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../src/server/store/sqlite/sqlite-store.ts'
import { openBrowser, signIn } from './support/browser.ts'

const ROOT = join(import.meta.dirname, '../..')
const PICTURES = join(ROOT, 'docs/pictures')
const PHONE = { width: 375, height: 812 }
const GAP = 20
const SETTLE_MS = 900
/** The signature, as parts of the pad: strokes of a made-up hand. */
const STROKES = [
  [0.16, 0.32, 0.22, 0.3, 0.3, 0.27, 0.36, 0.26],
  [0.26, 0.14, 0.26, 0.34, 0.25, 0.56, 0.26, 0.74],
  [0.25, 0.34, 0.21, 0.46, 0.17, 0.55, 0.13, 0.6],
  [0.27, 0.38, 0.31, 0.46, 0.35, 0.52, 0.39, 0.54],
  [0.5, 0.3, 0.58, 0.28, 0.68, 0.25, 0.78, 0.24],
  [0.63, 0.12, 0.63, 0.32, 0.61, 0.54, 0.63, 0.76],
  [0.61, 0.34, 0.56, 0.47, 0.5, 0.58, 0.45, 0.63],
  [0.65, 0.36, 0.71, 0.48, 0.79, 0.58, 0.88, 0.64],
]

async function serveDemo(folder: string) {
  const store = await openSqliteStore(join(folder, 'hall.sqlite'))
  const blobs = createFolderBlobs(join(folder, 'files'))
  await fillDemo({ store, blobs, now: Date.now(), size: 'small' })
  const app = createApp({ store, blobs, settings: { demo: true } })
  if (!serveSite(app, process.env.DIST_DIR ?? join(ROOT, 'dist')))
    throw new Error('build the app first: npx vite build')
  const { server, port } = await listen(app, { port: 0, host: '127.0.0.1', tls: null })
  const close = async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await store.close()
  }
  return { url: `http://localhost:${port}`, close }
}

const settle = (page: Page) => page.waitForTimeout(SETTLE_MS)
async function shoot(page: Page): Promise<Buffer> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await settle(page)
  return page.screenshot()
}

async function drawSignature(page: Page): Promise<void> {
  const box = (await page.locator('canvas').first().boundingBox())!
  for (const stroke of STROKES) {
    const points = Array.from({ length: stroke.length / 2 }, (_, n) => ({
      x: box.x + box.width * stroke[n * 2]!,
      y: box.y + box.height * stroke[n * 2 + 1]!,
    }))
    await page.mouse.move(points[0]!.x, points[0]!.y)
    await page.mouse.down()
    for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 6 })
    await page.mouse.up()
  }
}

/** 今日, 每周一课, 签字, 自评, as a member sees them. */
async function memberScreens(url: string) {
  const phone = await openBrowser(PHONE)
  const { page } = phone
  await signIn(page, url, STAFF.member, DEMO_PASSWORD)
  await page.getByText('全部已送达').first().waitFor()
  const today = await shoot(page)
  await page.getByRole('link', { name: /^开始读/ }).click()
  await page.getByRole('button', { name: '已学' }).waitFor()
  const lesson = await shoot(page)

  await page.goto(`${url}/circulation`)
  await page.getByText('离线可用').first().waitFor()
  await page.getByRole('link', { name: /高峰窗口保障/ }).click()
  await page.getByRole('link', { name: '签字' }).click()
  await page.getByRole('heading', { name: '手写签名' }).waitFor()
  await settle(page)
  await drawSignature(page)
  const sign = await shoot(page)

  await page.goto(`${url}/assessment`)
  await page.getByRole('link', { name: /^党建/ }).first().click()
  for (let n = 0; n < 6; n++) {
    await page.getByRole('button', { name: /记满分/ }).click()
    await page.getByRole('button', { name: '下一项' }).click()
  }
  await page.getByRole('button', { name: /记满分/ }).click()
  await page.getByRole('button', { name: /^减/ }).click()
  await page.getByLabel(/说一句/).fill('走访两户，一户的社保转移已帮办结，另一户下周回访。')
  const assess = await shoot(page)
  await phone.close()
  return { today, lesson, sign, assess }
}

/** 考勤, as the secretary takes it. */
async function rollScreen(url: string): Promise<Buffer> {
  const phone = await openBrowser(PHONE)
  const { page } = phone
  await signIn(page, url, STAFF.secretary, DEMO_PASSWORD)
  await page.getByText('全部已送达').first().waitFor()
  await page.goto(`${url}/meetings`)
  await page.getByRole('link', { name: /党员大会.*还没有考勤/ }).click()
  const rows = page.locator('[data-person]')
  await rows.first().waitFor()
  const marks = ['到会', '到会', '请假', '到会', '到会', '缺席', ...Array.from({ length: 8 }, () => '到会')]
  for (const [n, name] of marks.entries()) await rows.nth(n).getByRole('button', { name }).click()
  await page.evaluate(() => scrollTo(0, 0))
  const picture = await shoot(page)
  await phone.close()
  return picture
}

async function deskScreen(url: string): Promise<void> {
  const desk = await openBrowser({ width: 1280, height: 800 })
  await signIn(desk.page, url, STAFF.office, DEMO_PASSWORD)
  await desk.page.goto(`${url}/desk/circulations`)
  await desk.page.getByRole('table').waitFor()
  await settle(desk.page)
  await desk.page.screenshot({ path: join(PICTURES, 'desk.png') })
  await desk.close()
}

/** The browser itself lays the five beside each other, on a ground a little darker than their paper. */
async function besideEachOther(pictures: readonly Buffer[]): Promise<void> {
  const width = pictures.length * (PHONE.width + GAP) + GAP
  const height = PHONE.height + 2 * GAP
  const browser = await openBrowser({ width, height })
  const images = pictures.map((p) => `<img alt="" src="data:image/png;base64,${p.toString('base64')}">`)
  await browser.page.setContent(
    `<style>body{margin:0;padding:${GAP}px;display:flex;gap:${GAP}px;background:#e9e4db}
     img{width:${PHONE.width}px;height:${PHONE.height}px;border-radius:14px}</style>${images.join('')}`,
  )
  await settle(browser.page)
  await browser.page.screenshot({ path: join(PICTURES, 'five-screens.png') })
  await browser.close()
}

mkdirSync(PICTURES, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'window-hall-pictures-'))
const hall = await serveDemo(folder)
try {
  const { today, lesson, sign, assess } = await memberScreens(hall.url)
  const roll = await rollScreen(hall.url)
  await besideEachOther([today, lesson, sign, roll, assess])
  await deskScreen(hall.url)
} finally {
  await hall.close()
  rmSync(folder, { recursive: true, force: true })
}
for (const name of ['five-screens.png', 'desk.png']) {
  const path = join(PICTURES, name)
  // Width and height stand at bytes 16 and 20 of every PNG.
  const head = readFileSync(path)
  console.log(
    `${name} ${head.readUInt32BE(16)}×${head.readUInt32BE(20)} ${Math.round(statSync(path).size / 1024)} kB`,
  )
}
