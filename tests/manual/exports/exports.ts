/**
 * What leaves the app of a meeting, as it looks: on paper, in a calendar's file, and when it is checked. Those of a spreadsheet program
 * are taken by hand (docs/manual/papers.md says which).
 */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { DESK, PHONE } from '../../browser/support/phones.ts'
import type { Places } from '../../browser/support/walk/places.ts'
import { rest, type Camera } from '../camera.ts'
import { press, visit } from '../scenes/scene.ts'
import { startPress } from './paper.ts'

const officersOwn = (places: Places, ending: string): string =>
  places.roles[1]!.own.find((path) => path.endsWith(ending))!

/** Read at once: the file goes with its phone. */
async function saved(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  return readFileSync(await download.path())
}

/** Its lines beside each other: the calendar of a phone shows them in its own way. */
async function asText(page: Page, text: string): Promise<Buffer> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  await page.setContent(
    `<style>body{margin:0;background:#e9e4db}pre{margin:0;padding:16px;columns:2;font:13px/1.5 monospace;white-space:pre-wrap;
     overflow-wrap:anywhere}</style><pre>${escaped}</pre>`,
  )
  return await page.locator('pre').screenshot()
}

/** By name, as PNG. */
export async function takeExports(
  camera: Camera,
  places: Places,
  url: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const taken = new Map<string, Buffer>()
  const paper = await startPress(camera, url)
  const { page, context } = await camera.open(STAFF.secretary, DESK)
  const record = officersOwn(places, '/record')
  const print = async (path: string, name: string, most: number) => {
    await visit(page, path)
    taken.set(name, await paper.picture(page, most))
  }
  await print(`/meetings/${places.meeting}/sheet?sitting=${places.sitting}`, 'sheet-empty', 2)
  await print(record.replace(/record$/, 'sheet'), 'sheet-filled', 1)
  await print('/meetings/attendance?quarter=4', 'attendance-quarter', 1)
  await visit(page, '/meetings')
  await print('/meetings/attendance', 'attendance-year', 1)
  await print(record, 'record', 2)
  const buffer = await saved(page, '导出核对文件')
  const file = { name: '会议核对.json', mimeType: 'application/json', buffer }
  await visit(page, '/meetings/calendar')
  const calendar = await saved(page, '近期会议')
  taken.set('calendar-file', await asText(page, calendar.toString('utf8')))
  await context.close()

  const phone = await camera.open(STAFF.secretary, PHONE)
  const look = async (path: string, name: string, act?: () => Promise<void>) => {
    await visit(phone.page, path)
    await act?.()
    await rest(phone.page)
    taken.set(name, await phone.page.screenshot({ scale: 'css' }))
  }
  await look('/meetings/year', 'plan')
  await look('/meetings/calendar', 'calendar')
  await look('/circulation-check', 'verify', async () => {
    await phone.page.locator('input[type=file]').first().setInputFiles(file)
    await phone.page.getByText('核对另一个文件').waitFor()
  })
  await phone.context.close()
  await paper.close()
  return taken
}
