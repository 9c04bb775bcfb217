/**
 * Reading on the phone with the network really off: a PDF of sixty pages and an OFD, opened where one stopped, searched, signed;
 * then the secretary prints the sheet, and the print is read back.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { AlignmentType, Document, Packer, PageOrientation, Paragraph, Table, TableCell, TableRow } from 'docx'
import { PDFDocument } from 'pdf-lib'
import type { BrowserContext, Page } from 'playwright-core'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { personIdOf } from '../support/endpoint.ts'
import { longTextPdf, scanPdf } from '../support/long-pdf.ts'
import { makeOfd } from '../support/ofd-file.ts'
import { oneBitPdf, oversizedPdf } from '../support/one-bit-scan.ts'
import { allDelivered, drawSignature, storedFields } from './support/acts.ts'
import { openBrowser, signIn, workerReady, type PhoneBrowser } from './support/browser.ts'
import { circulate } from './support/circulate.ts'
import { samplePdf, serveHall, type ServedHall } from './support/served-hall.ts'

const WORDS = '错时延时服务'
let hall: ServedHall
let member: PhoneBrowser
let secretary: PhoneBrowser
let pdf: string
let ofd: string
let word: string

async function wordTable(): Promise<Uint8Array> {
  const cell = (words: string) => new TableCell({ children: [new Paragraph(words)] })
  const row = (n: number) =>
    new TableRow({ children: ['窗口', '早班', '中班', '夜班'].map((words) => cell(`${words} ${n}`)) })
  const children = [
    new Paragraph({ text: '排班表（示例）', alignment: AlignmentType.CENTER }),
    new Table({ width: { size: 9000, type: 'dxa' }, rows: [row(1), row(2)] }),
  ]
  const days = Array.from({ length: 16 }, (_, day) => cell(`${day + 1} 日`))
  const wide = new Table({ width: { size: 20_000, type: 'dxa' }, rows: [new TableRow({ children: days })] })
  const size = { orientation: PageOrientation.LANDSCAPE, width: 11_906, height: 16_838 }
  const sections = [{ children }, { properties: { page: { size } }, children: [wide] }]
  return new Uint8Array(await Packer.toBuffer(new Document({ sections })))
}

beforeAll(async () => {
  hall = await serveHall()
  pdf = await circulate(hall, {
    name: '值班手册（示例）.pdf',
    mime: 'application/pdf',
    pages: 60,
    bytes: longTextPdf(60, `本页有“${WORDS}”字样`, [3, 40, 55]),
  })
  ofd = await circulate(hall, {
    name: '版式文件（示例）.ofd',
    mime: 'application/ofd',
    pages: 3,
    bytes: makeOfd({ pages: [['各支部：', '关于延时服务的示例。'], ['第二页'], ['第三页也有延时服务']] }),
  })
  word = await circulate(hall, {
    name: '排班表（示例）.docx',
    mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    pages: 1,
    bytes: await wordTable(),
    reading: new TextEncoder().encode(`排班表（示例）的文字\n\n${'按表值守。\n\n'.repeat(60)}`),
  })
  ;[member, secretary] = await Promise.all([openBrowser({ width: 360, height: 740 }), openBrowser()])
})
afterAll(async () => {
  await member?.close()
  await secretary?.close()
  await hall?.close()
})

/** Keeps every canvas of a page in sight of the test, also those that are not in the document. */
async function countCanvases(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const made: WeakRef<HTMLCanvasElement>[] = []
    const create = document.createElement.bind(document)
    document.createElement = ((name: string, options?: ElementCreationOptions) => {
      const element = create(name, options)
      if (element instanceof HTMLCanvasElement) made.push(new WeakRef(element))
      return element
    }) as typeof document.createElement
    Object.assign(globalThis, {
      liveCanvases: () =>
        made.filter((one) => (one.deref()?.width ?? 0) * (one.deref()?.height ?? 0) > 1).length,
    })
  })
}
const liveCanvases = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { liveCanvases(): number }).liveCanvases())

const pageDrawn = (page: Page, number: number) =>
  page
    .getByRole('group', { name: `第 ${number} 页`, exact: true })
    .locator('canvas')
    .waitFor()

async function goTo(page: Page, number: number): Promise<void> {
  await page.getByRole('button', { name: /转到别的页/ }).click()
  await page.getByLabel('页码', { exact: true }).fill(String(number))
  await page.getByRole('button', { name: '转到这一页' }).click()
  await page.getByRole('button', { name: new RegExp(`^第 ${number} 页，共 60 页`) }).waitFor()
}

async function find(page: Page, words: string, said: string): Promise<void> {
  await page.getByRole('button', { name: '在文件里找' }).click()
  await page.getByRole('searchbox', { name: '在文件里找' }).fill(words)
  await page.getByText(said, { exact: true }).waitFor()
}

async function sign(page: Page): Promise<void> {
  await page.getByRole('link', { name: '签字' }).click()
  await drawSignature(page)
  await page.getByRole('button', { name: '签字', exact: true }).click()
  await page.getByText('已存本机').first().waitFor()
}

it('has both files on the phone before the network goes', async () => {
  await signIn(member.page, hall.url, '1003')
  await workerReady(member.page)
  await allDelivered(member.page)
  await member.page.goto(`${hall.url}/circulation`)
  await expect.poll(() => member.page.getByText('离线可用').count()).toBeGreaterThanOrEqual(4)
  // The viewer comes when nobody waits for anything.
  const viewer = () =>
    member.page.evaluate(async () => {
      const kept = await (await caches.open('wh-on-demand')).keys()
      return kept.filter(({ url }) => /pdf(\.min|-worker)|openjpeg/.test(url)).length
    })
  // The last of its parts: the maps without which there are no words lie before it.
  await expect.poll(viewer).toBe(3)
  const layout = () =>
    member.page.evaluate(async () => {
      const kept = await (await caches.open('wh-on-demand')).keys()
      return kept.some(({ url }) => url.includes('viewer-docx'))
    })
  await expect.poll(layout).toBe(true)
})

it('reads the PDF offline, holds a handful of pages, and says which page this is', async () => {
  await member.reopen({ offline: true })
  await countCanvases(member.context)
  const { page } = member
  await page.goto(`${hall.url}/circulation/${pdf}`)
  await pageDrawn(page, 1)
  for (const number of [60, 1, 30, 40]) {
    await goTo(page, number)
    await pageDrawn(page, number)
  }
  expect(await liveCanvases(page)).toBeLessThanOrEqual(7)
  const read = page.getByRole('group', { name: '第 40 页', exact: true })
  await expect.poll(() => read.textContent()).toContain('示例文件第 40 页')
})

it('opens on page 40 after the browser was closed, and finds words with no network', async () => {
  await member.page.waitForTimeout(600)
  await member.reopen({ offline: true })
  const { page } = member
  await page.goto(`${hall.url}/circulation/${pdf}`)
  await page.getByRole('button', { name: /^第 40 页，共 60 页/ }).waitFor()
  await pageDrawn(page, 40)
  await find(page, WORDS, '第 2 处，共 3 处')
  await page.getByRole('button', { name: '下一处' }).click()
  await page.getByRole('button', { name: /^第 55 页，共 60 页/ }).waitFor()
  await pageDrawn(page, 55)
  await page.locator('.mark.now').waitFor()
  await page.getByRole('searchbox').fill('没有的词')
  await page.getByText('没有找到', { exact: true }).waitFor()
})

it('reads the OFD offline under its label: red head, picture, seal, words', async () => {
  const { page } = member
  await page.goto(`${hall.url}/circulation/${ofd}`)
  await page.getByText(/OFD 在手机上只能尽力显示.*签的是原件：版式文件（示例）\.ofd/).waitFor()
  await pageDrawn(page, 1)
  const colours = await page
    .locator('.page canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d')!
      const at = (x: number, y: number) => {
        const { data } = context.getImageData((x / 210) * canvas.width, (y / 297) * canvas.height, 1, 1)
        return [data[0], data[1], data[2]]
      }
      return {
        ground: at(100, 150),
        path: at(35, 70),
        picture: at(60, 70),
        seal: at(150 - 17.3, 220),
      }
    })
  expect(colours).toEqual({
    ground: [255, 255, 255],
    path: [63, 107, 76],
    picture: [154, 116, 42],
    seal: [192, 0, 0],
  })
  await find(page, '延时服务', '第 1 处，共 2 处')
})

it('reads the Word file offline as text, then in its layout within the width, and goes back', async () => {
  const { page } = member
  await page.goto(`${hall.url}/circulation/${word}`)
  await page.getByText('排班表（示例）的文字').waitFor()
  await page.getByRole('button', { name: '看原件', exact: true }).click()
  await page.getByText(/原件的版式由本机排出.*签的是原件：排班表（示例）\.docx/).waitFor()
  const cell = page.locator('td', { hasText: '夜班 2' })
  await cell.waitFor()
  const seen = await cell.evaluate((it) => {
    const table = it.closest('table')!.getBoundingClientRect()
    const sheet = it.closest('section')!.getBoundingClientRect()
    const title = it.closest('section')!.querySelector('p')!
    return {
      cell: it.getBoundingClientRect().right <= sheet.right && table.width > sheet.width / 2,
      sheet: [sheet.left >= 0, sheet.right <= 360, sheet.width > 280, sheet.height > sheet.width * 1.3],
      page: document.documentElement.scrollWidth,
      title: getComputedStyle(title).textAlign,
    }
  })
  expect(seen).toEqual({ cell: true, sheet: [true, true, true, true], page: 360, title: 'center' })
  // A page on its side is as wide as the others, and a table that is wider than its paper is not cut off.
  const pages = await page.locator('section.docx').evaluateAll((all) =>
    all.map((it) => {
      const { left, right } = it.getBoundingClientRect()
      const ends = [...it.querySelectorAll('table')].map((table) => table.getBoundingClientRect().right)
      return { width: Math.round(right - left), holds: Math.max(...ends) <= right + 1 }
    }),
  )
  expect(pages).toEqual([0, 1].map(() => ({ width: pages[0]!.width, holds: true })))
  if (process.env.KEEP_PRINT)
    await page.screenshot({ path: `${process.env.KEEP_PRINT}-word.png`, fullPage: true })
  await page.getByRole('button', { name: '放大' }).click()
  await expect
    .poll(() => cell.evaluate((it) => it.closest('section')!.getBoundingClientRect().width))
    .toBeGreaterThan(400)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  const turn = (to: string) => page.getByRole('button', { name: to, exact: true }).click()
  await turn('看文字')
  await page.getByText('排班表（示例）的文字').waitFor()
  // The way to the other is at hand in the middle of the text, which is found again where it was left.
  const at = () => page.evaluate(() => Math.round(scrollY / 20))
  await page.evaluate(() => scrollTo(0, 1500))
  const left = await at()
  await turn('看原件')
  await page.getByText('已换成原件的版式，共 2 页').waitFor({ state: 'attached' })
  await turn('看文字')
  await expect.poll(at).toBe(left)
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('看原件')
})

it('signs both, still offline, and all of it arrives', async () => {
  const { page } = member
  for (const id of [pdf, ofd]) {
    await page.goto(`${hall.url}/circulation/${id}`)
    await sign(page)
  }
  expect(await storedFields(hall.endpoint, 'sign-off')).toEqual([])
  await member.reopen({ offline: false })
  await member.page.goto(`${hall.url}/today`)
  await allDelivered(member.page)
  const signOffs = await storedFields(hall.endpoint, 'sign-off')
  expect(signOffs.map(({ personId }) => personId)).toEqual([personIdOf('1003'), personIdOf('1003')])
})

async function textOfPrint(bytes: Uint8Array): Promise<string[]> {
  const document = await getDocument({ data: bytes }).promise
  const pages: string[] = []
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent()
    pages.push(
      items
        .map((item) => ('str' in item ? item.str : ''))
        .join('')
        .normalize('NFKC'),
    )
  }
  return pages
}

it('the secretary prints the sheet, and the print says who signed what', async () => {
  await signIn(secretary.page, hall.url, '1001')
  await allDelivered(secretary.page)
  for (const [id, title] of [
    [pdf, '值班手册（示例）'],
    [ofd, '版式文件（示例）'],
  ] as const) {
    await secretary.page.goto(`${hall.url}/circulation/${id}/sheet`)
    await secretary.page.getByRole('button', { name: '打印' }).waitFor()
    await secretary.page.getByText('王芳').first().waitFor()
    const printed = await secretary.page.pdf({
      format: 'A4',
      ...(process.env.KEEP_PRINT ? { path: `${process.env.KEEP_PRINT}-${id}.pdf` } : {}),
    })
    const pages = await textOfPrint(new Uint8Array(printed))
    expect(pages).toHaveLength(1)
    expect(pages[0]).toContain(title.normalize('NFKC'))
    for (const name of ['王芳', '陈静', '李明']) expect(pages[0]).toContain(name)
  }
})

/** Large enough to lie on the phone in pieces. */
async function largePdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(await samplePdf('Large page'))
  // Of chance, which cannot be packed smaller.
  await pdf.attach(randomBytes(2_000_000), 'noise.bin')
  return pdf.save()
}

/** A bit turns over in each piece. @returns how many there are */
const damagePieces = (page: Page, personId: string): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(new Error('no database')))
        opening.addEventListener('success', () => {
          const tx = opening.result.transaction('pieces', 'readwrite')
          const pieces = tx.objectStore('pieces')
          const asking = pieces.getAll() as IDBRequest<{ bytes: ArrayBuffer }[]>
          asking.addEventListener('success', () => {
            for (const piece of asking.result) {
              new Uint8Array(piece.bytes)[9]! ^= 1
              pieces.put(piece)
            }
          })
          tx.addEventListener('complete', () => {
            opening.result.close()
            resolve(asking.result.length)
          })
        })
      }),
    `wh-${personId}`,
  )

it('a file that was damaged on the disk is not shown but fetched again, and then shown', async () => {
  const { page } = member
  const bytes = await largePdf()
  const large = await circulate(hall, {
    name: '大文件（示例）.pdf',
    mime: 'application/pdf',
    pages: 3,
    bytes,
  })
  await page.goto(`${hall.url}/circulation`)
  await page.getByText('大文件（示例）').first().waitFor()
  await page.goto(`${hall.url}/circulation/${large}`)
  await pageDrawn(page, 1)
  await page.goto(`${hall.url}/circulation`)
  expect(await damagePieces(page, personIdOf('1003'))).toBeGreaterThan(2)

  await member.reopen({ offline: true })
  await member.page.goto(`${hall.url}/circulation/${large}`)
  await member.page.getByText('文件还没有下载到本机').waitFor()
  expect(await member.page.locator('.page canvas').count()).toBe(0)
  await member.reopen({ offline: false })
  await member.page.goto(`${hall.url}/circulation/${large}`)
  await pageDrawn(member.page, 1)
  await member.page.getByRole('link', { name: '签字' }).waitFor()
})

/** Four colours in four quarters, as a JPEG. */
const quartersJpeg = (page: Page, width: number, height: number): Promise<Uint8Array> =>
  page
    .evaluate(
      async ([w, h]) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
        const pen = canvas.getContext('2d')!
        for (const [at, colour] of ['#c00000', '#00a000', '#0000c0', '#c0c000'].entries()) {
          pen.fillStyle = colour
          pen.fillRect((at % 2) * (w / 2), Math.floor(at / 2) * (h / 2), w / 2, h / 2)
        }
        const jpeg = await new Promise<Blob>((done) => canvas.toBlob((b) => done(b!), 'image/jpeg'))
        return [...new Uint8Array(await jpeg.arrayBuffer())]
      },
      [width, height] as const,
    )
    .then((bytes) => new Uint8Array(bytes))

it('shows a scanned A4 page, and one of A3 at 300 dots an inch that is decoded at half its size', async () => {
  const { page } = member
  const jpegs = [await quartersJpeg(page, 1240, 1754), await quartersJpeg(page, 4961, 3508)]
  const scan = await circulate(hall, {
    name: '扫描件（示例）.pdf',
    mime: 'application/pdf',
    pages: 2,
    bytes: await scanPdf(jpegs),
  })
  await page.goto(`${hall.url}/circulation`)
  await page.getByText('扫描件（示例）').first().waitFor()
  await page.goto(`${hall.url}/circulation/${scan}`)
  for (const number of [1, 2]) {
    await pageDrawn(page, number)
    const canvas = page.getByRole('group', { name: `第 ${number} 页`, exact: true }).locator('canvas')
    const seen = await canvas.evaluate((it: HTMLCanvasElement) => {
      const pen = it.getContext('2d')!
      return [0, 1, 2, 3].map((at) => {
        const [x, y] = [((at % 2) * 0.9 + 0.05) * it.width, (Math.floor(at / 2) * 0.9 + 0.05) * it.height]
        // JPEG is not exact.
        return Array.from(pen.getImageData(x, y, 1, 1).data.slice(0, 3), (part) => Math.round(part / 32) * 32)
      })
    })
    expect(seen).toEqual([
      [192, 0, 0],
      [0, 160, 0],
      [0, 0, 192],
      [192, 192, 0],
    ])
  }
})

const A3_AT_600 = { width: 7016, height: 9933 }

/** In the middle of each quarter of the page's picture, how light it is. */
const lightOf = (page: Page, number: number): Promise<number[]> =>
  page
    .getByRole('group', { name: `第 ${number} 页`, exact: true })
    .locator('canvas')
    .evaluate((it: HTMLCanvasElement) => {
      const pen = it.getContext('2d')!
      return [0, 1, 2, 3].map((at) => {
        const [x, y] = [((at % 2) * 0.5 + 0.25) * it.width, (Math.floor(at / 2) * 0.5 + 0.25) * it.height]
        return pen.getImageData(x, y, 1, 1).data[0]!
      })
    })

it('shows scans of one bit a pixel, A3 at 600 dots an inch, as picture and as stencil; lines of one pixel are grey', async () => {
  const { page } = member
  const kinds = [{}, { isInverse: true }, { isStencil: true }, { isStencil: true, isInverse: true }]
  const scan = await circulate(hall, {
    name: '黑白扫描件（示例）.pdf',
    mime: 'application/pdf',
    pages: kinds.length,
    bytes: await oneBitPdf(kinds.map((kind) => ({ ...A3_AT_600, ...kind }))),
  })
  await page.goto(`${hall.url}/circulation/${scan}`)
  for (const [at] of kinds.entries()) {
    await page.getByRole('group', { name: `第 ${at + 1} 页`, exact: true }).scrollIntoViewIfNeeded()
    await pageDrawn(page, at + 1)
    const [black, lines, white, last] = await lightOf(page, at + 1)
    expect([black, white, last]).toEqual([0, 255, 0])
    expect(lines).toBeGreaterThan(80)
    expect(lines).toBeLessThan(175)
  }
  expect(await page.locator('.unshown').count()).toBe(0)
})

it('says of a picture that no phone can hold that it is not shown, and shows the next page', async () => {
  const { page } = member
  const large = await circulate(hall, {
    name: '超大图（示例）.pdf',
    mime: 'application/pdf',
    pages: 3,
    bytes: await oversizedPdf(),
  })
  await page.goto(`${hall.url}/circulation/${large}`)
  const pageAt = (number: number) => page.getByRole('group', { name: `第 ${number} 页`, exact: true })
  const sentence = /这一页没有显示完整，缺：1 处太大或已损坏的图片。签字前请看原件/
  for (const number of [1, 2]) {
    await pageAt(number).scrollIntoViewIfNeeded()
    await pageAt(number).getByText(sentence).waitFor()
  }
  await pageAt(3).scrollIntoViewIfNeeded()
  await pageDrawn(page, 3)
  expect((await lightOf(page, 3))[0]).toBe(0)
  expect(await pageAt(3).getByText(sentence).count()).toBe(0)
  // Asked for before the signature, also after the app was closed in between.
  await page.goto(`${hall.url}/circulation/${large}/sign`)
  await page.getByRole('heading', { name: '有 2 处内容没有在本机显示' }).waitFor()
  await page.getByText('正文第 1、2 页：1 处太大或已损坏的图片').waitFor()
  await page.getByRole('button', { name: '改用键盘' }).click()
  await page.getByLabel('输入姓名签字').fill('王芳')
  const act = page.getByRole('button', { name: '签字', exact: true })
  expect(await act.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('checkbox', { name: '以上内容，我已另行看过原件' }).check()
  await act.click()
  await page.getByText('已存本机').first().waitFor()
  await page.goto(`${hall.url}/today`)
  await allDelivered(page)
  const signed = (await storedFields(hall.endpoint, 'sign-off')).find(
    ({ documentId }) => documentId === idFrom('browser-test', '超大图（示例）.pdf'),
  )
  const what = '1 处太大或已损坏的图片'
  expect(signed?.['seenElsewhere']).toEqual([1, 2].map((number) => ({ file: 0, page: number, what })))
})

/** Forty pages, of which the last has a picture that no phone can hold. */
async function lastPageOversized(): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(longTextPdf(39, WORDS, []))
  const [large] = await pdf.copyPages(await PDFDocument.load(await oversizedPdf()), [0])
  pdf.addPage(large)
  return pdf.save()
}

it('knows before the signature, offline, what it cannot show of pages that nobody opened', async () => {
  const { page } = member
  const id = await circulate(hall, {
    name: '末页有大图（示例）.pdf',
    mime: 'application/pdf',
    pages: 40,
    bytes: await lastPageOversized(),
  })
  await page.goto(`${hall.url}/circulation/${id}`)
  await pageDrawn(page, 1)
  await member.context.setOffline(true)
  await page.getByRole('link', { name: '签字' }).click()
  await drawSignature(page)
  await page.getByText('正文第 40 页：1 处太大或已损坏的图片').waitFor()
  const act = page.getByRole('button', { name: '签字', exact: true })
  expect(await act.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('checkbox', { name: '以上内容，我已另行看过原件' }).check()
  await act.click()
  await page.getByText('已存本机').first().waitFor()
  await member.context.setOffline(false)
})

it('says nothing in the console', () => {
  expect(member.troubles).toEqual([])
  expect(secretary.troubles).toEqual([])
})
