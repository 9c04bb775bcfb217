/** What a page prints, as a picture: the pages of its PDF beside each other, drawn by the same library that reads documents. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { WITHOUT_WORKER } from '../../browser/support/phones.ts'
import { rest, type Camera } from '../camera.ts'

const LIBRARY = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'build')
/** Pixels of one page beside others, and of one alone. */
const BESIDE = 560
const ALONE = 640

export interface Press {
  /** @param most pages that the picture shows */
  picture(page: Page, most: number): Promise<Buffer>
  close(): Promise<void>
}

/** @param url of the hall: the library is fetched from its own address, as the app's scripts are */
export async function startPress(camera: Camera, url: string): Promise<Press> {
  const { page: bench, context } = await camera.open(undefined, { width: 640, height: 480 }, WITHOUT_WORKER)
  await bench.route(`${url}/press/*`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: readFileSync(join(LIBRARY, basename(new URL(route.request().url()).pathname))),
    }),
  )
  return {
    async picture(page, most) {
      await rest(page)
      const pdf = await page.pdf({ preferCSSPageSize: true })
      const widths = { alone: ALONE, beside: BESIDE }
      const drawn = await bench.evaluate(draw, { pdf: pdf.toString('base64'), most, widths })
      return Buffer.from(drawn, 'base64')
    },
    close: () => context.close(),
  }
}

interface Sheet {
  getViewport(of: { scale: number }): { width: number; height: number }
  render(of: { canvas: HTMLCanvasElement; viewport: object }): { promise: Promise<void> }
}
interface Library {
  GlobalWorkerOptions: { workerSrc: string }
  getDocument(of: { data: Uint8Array }): {
    promise: Promise<{ numPages: number; getPage(at: number): Promise<Sheet> }>
  }
}

/** Runs inside a page. */
async function draw({
  pdf,
  most,
  widths,
}: {
  pdf: string
  most: number
  widths: { alone: number; beside: number }
}): Promise<string> {
  const gap = 10
  const address = '/press/pdf.mjs'
  const library = (await import(address)) as Library
  library.GlobalWorkerOptions.workerSrc = '/press/pdf.worker.mjs'
  const data = Uint8Array.from(atob(pdf), (sign) => sign.codePointAt(0)!)
  const paper = await library.getDocument({ data }).promise
  const count = Math.min(most, paper.numPages)
  const pages: HTMLCanvasElement[] = []
  for (let at = 1; at <= count; at++) {
    const sheet = await paper.getPage(at)
    const whole = sheet.getViewport({ scale: 1 })
    const viewport = sheet.getViewport({ scale: (count > 1 ? widths.beside : widths.alone) / whole.width })
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(viewport.width)
    canvas.height = Math.round(viewport.height)
    await sheet.render({ canvas, viewport }).promise
    pages.push(canvas)
  }
  const all = document.createElement('canvas')
  all.width = pages.reduce((sum, { width }) => sum + width + gap, gap)
  all.height = Math.max(...pages.map(({ height }) => height)) + 2 * gap
  const pen = all.getContext('2d')!
  pen.fillStyle = '#e9e4db'
  pen.fillRect(0, 0, all.width, all.height)
  let left = gap
  for (const each of pages) {
    pen.drawImage(each, left, gap)
    left += each.width + gap
  }
  return all.toDataURL('image/png').split(',')[1]!
}
