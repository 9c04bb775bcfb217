/**
 * A scan of sixty pages, about 20 MB, on its way to the member, and a phone that has it: opened, left at one of its last pages.
 * Each page shows its number in six squares, black for 1, so that its pixels say which it is.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { scanPdf } from '../../../support/long-pdf.ts'
import { putRecord } from '../../../../src/server/commands/put-record.ts'
import type { Stores } from '../../../../src/server/open-stores.ts'
import { circulationId } from '../../../../src/shared/circulation/circulation.ts'
import { civilDate } from '../../../../src/shared/civil-time.ts'
import { idFrom } from '../../../../src/shared/sync/canonical.ts'
import { fillHall, placeOfMember } from '../../fill/fill-hall.ts'
import type { Bench } from '../bench.ts'
import type { Child } from '../child.ts'
import { openBenchStores } from '../open-store.ts'
import { openPhone, signInAsMember } from './phone.ts'
import type { Stage } from './stage.ts'

export const PAGES = 60
export const STOPPED_AT = 47
const NAME = '扫描件（示例）.pdf'
/** Of A4 at 200 dpi. */
const PIXELS = { width: 1654, height: 2339 }
const BITS = 6

export interface Scan {
  child: Child
  url: string
  /** Its page in the app. */
  path: string
  sha256: string
  sizeBytes: number
  personId: string
}

export const pageSelector = (page: number): string => `.page[aria-label="第 ${page} 页"] canvas`

async function jpegPages(bench: Bench): Promise<Uint8Array[]> {
  const context = await bench.launch(bench.emptyFolder(), [])
  const page = context.pages()[0] ?? (await context.newPage())
  const drawn = await page.evaluate(
    async ([pages, { width, height }, bits]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      const pen = canvas.getContext('2d')!
      pen.fillStyle = '#f4f2ec'
      pen.fillRect(0, 0, width, height)
      // The grain of the paper: without it a page would be ten times smaller than what a scanner makes.
      const paper = pen.getImageData(0, 0, width, height)
      let chance = 1
      for (let at = 0; at < paper.data.length; at += 4) {
        chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) | 0
        for (let c = 0; c < 3; c++) paper.data[at + c]! += ((chance >>> 24) % 14) - 7
      }
      const all: string[] = []
      for (let number = 1; number <= pages; number++) {
        pen.putImageData(paper, 0, 0)
        pen.fillStyle = '#222'
        pen.font = '38px serif'
        for (let line = 0; line < 40; line++)
          pen.fillText(`第 ${number} 页：文件在手机上看，看完再签字。第 ${line} 行`, 160, 260 + line * 50)
        for (let bit = 0; bit < bits; bit++) {
          pen.fillStyle = (number >> bit) & 1 ? '#000' : '#fff'
          pen.fillRect(200 + bit * 200, 60, 120, 120)
        }
        const jpeg = await new Promise<Blob>((done) => canvas.toBlob((b) => done(b!), 'image/jpeg', 0.42))
        const bytes = new Uint8Array(await jpeg.arrayBuffer())
        let text = ''
        for (let at = 0; at < bytes.length; at += 32_768)
          text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
        all.push(btoa(text))
      }
      return all
    },
    [PAGES, PIXELS, BITS] as const,
  )
  await context.close()
  return drawn.map((text) => new Uint8Array(Buffer.from(text, 'base64')))
}

/** The number that the canvas of a page shows. */
export const numberShown = (page: Page, number: number): Promise<number> =>
  page.locator(pageSelector(number)).evaluate(
    (canvas: HTMLCanvasElement, [{ width, height }, bits]) => {
      const pen = canvas.getContext('2d')!
      let shown = 0
      for (let bit = 0; bit < bits; bit++) {
        const x = ((260 + bit * 200) / width) * canvas.width
        const [red = 255] = pen.getImageData(x, (120 / height) * canvas.height, 1, 1).data
        if (red < 128) shown += 1 << bit
      }
      return shown
    },
    [PIXELS, BITS] as const,
  )

async function putScan(
  stores: Stores,
  bytes: Uint8Array,
): Promise<Pick<Scan, 'path' | 'sha256' | 'personId'>> {
  const now = Date.now()
  const { personId, unitId } = await placeOfMember(stores)
  const documentId = idFrom('bench', NAME)
  const sha256 = await stores.blobs.put(bytes)
  const file = { sha256, name: NAME, mime: 'application/pdf', sizeBytes: bytes.length }
  const id = circulationId(documentId, unitId)
  const fields = {
    unitId,
    documentId,
    documentNo: '办公室〔2026〕60 号',
    title: NAME.replace('.pdf', ''),
    issuer: '办公室',
    urgency: '平件',
    instructions: '',
    revisions: [{ revision: 1, file, pages: PAGES, readingSha256: null, at: now, note: '' }],
    recipients: [{ personId, name: '示例' }],
    dispatchedAt: now,
    dispatchedBy: personId,
    deadline: civilDate(now),
    state: 'open',
  }
  await stores.store.write([], async (tx) => {
    await tx.putBlob({ sha256, sizeBytes: bytes.length, mime: file.mime, complete: true })
    const { scope } = await putRecord(tx, { type: 'circulation', id, fields, author: 'bench', now })
    await tx.putBlobScope(sha256, scope)
  })
  return { path: `/circulation/${id}`, sha256, personId }
}

/** A hall of its own: the other measurements are to meet no 20 MB. */
export async function serveScan({ bench, app }: Stage): Promise<Scan> {
  const { folder: page } = await app()
  bench.log('准备数据：60 页的扫描件')
  const bytes = await scanPdf(await jpegPages(bench))
  const place = { folder: bench.emptyFolder(), databaseUrl: null }
  const stores = await openBenchStores(place)
  await fillHall(stores, 'demo', Date.now())
  const put = await putScan(stores, bytes)
  await stores.close()
  const child = await bench.child('endpoint.ts', { place, page })
  return { child, url: `http://localhost:${child.port}`, sizeBytes: bytes.length, ...put }
}

export async function goToPage(page: Page, number: number): Promise<void> {
  await page.getByRole('button', { name: /转到别的页/ }).click()
  await page.getByLabel('页码', { exact: true }).fill(String(number))
  await page.getByRole('button', { name: '转到这一页' }).click()
  await page.locator(pageSelector(number)).waitFor()
}

/** @returns the profile of a phone that has the file and the viewer, and where one stopped */
export async function phoneWithScan({ bench }: Stage, scan: Scan): Promise<string> {
  bench.log('准备手机：登录，取扫描件，翻到停下的一页')
  const profile = join(bench.emptyFolder(), 'profile')
  const phone = await openPhone(bench, { profile })
  await signInAsMember(phone.page, scan.url)
  await phone.page.goto(scan.url + scan.path)
  await phone.page.locator(pageSelector(1)).waitFor()
  await goToPage(phone.page, STOPPED_AT)
  const hasViewer = () =>
    phone.page.evaluate(async () => {
      const kept = await (await caches.open('wh-on-demand')).keys()
      return kept.filter(({ url }) => /pdf(\.min|-worker)/.test(url)).length === 2
    })
  for (let turn = 0; turn < 100 && !(await hasViewer()); turn++) await phone.page.waitForTimeout(200)
  // The place is kept a moment after the reader rests; what is fetched ahead comes meanwhile.
  await phone.page.waitForTimeout(6000)
  await phone.close()
  return profile
}
