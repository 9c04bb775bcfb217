/**
 * Opening a scan of sixty pages and 20 MB where one stopped, without a network, the page's main thread four times slower: by a
 * tap on the list and from a cold start, until the page's own pixels stand. Beside it pages of the same service worker with
 * pdf.js alone, which read the file whole first, or its pieces as we do. Then all sixty pages are gone through.
 */
import type { BrowserContext } from 'playwright-core'
import { openPhone, slowDown, type AppPhone } from '../../support/app/phone.ts'
import { FLOORS } from '../../support/app/build-app.ts'
import { cpuOfWorkers, residentBytes } from '../../support/app/renderer.ts'
import {
  goToPage,
  numberShown,
  PAGES,
  pageSelector,
  phoneWithScan,
  serveScan,
  STOPPED_AT,
  type Scan,
} from '../../support/app/scan.ts'
import type { Stage } from '../../support/app/stage.ts'
import { profiled } from '../../support/bench.ts'
import { megabytes, median, ms, seconds, whole, type Report } from '../../support/report.ts'

const TURNS = 5
const SLOWDOWN = 4
const BUDGET_MS = 2000
/** Near the screen and drawn, and one that is being drawn. */
const MOST_CANVASES = 7
const LIST = '/circulation'

declare global {
  // oxlint-disable-next-line no-var -- what a page's own script leaves behind is a global
  var benchReader: {
    pixelsAt: Promise<number>
    tappedAt: number
    readBytes: number
    canvases(): HTMLCanvasElement[]
  }
}

/** In every page that is opened from now on: when the pixels stand, what was read from the disk, which canvases live. */
const watchReader = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript((selector) => {
    const made: WeakRef<HTMLCanvasElement>[] = []
    const create = document.createElement.bind(document)
    document.createElement = ((name: string, options?: ElementCreationOptions) => {
      const element = create(name, options)
      if (element instanceof HTMLCanvasElement) made.push(new WeakRef(element))
      return element
    }) as typeof document.createElement
    const state = {
      pixelsAt: Promise.resolve(0),
      tappedAt: 0,
      readBytes: 0,
      canvases: () =>
        made.flatMap((one) => one.deref() ?? []).filter(({ width, height }) => width * height > 1),
    }
    globalThis.benchReader = state
    state.pixelsAt = new Promise<number>((resolve) => {
      const look = () => {
        const canvas = document.querySelector(selector)
        if (canvas === null) return void setTimeout(look, 4)
        const channel = new MessageChannel()
        channel.port1.addEventListener('message', () => resolve(performance.now()))
        channel.port1.start()
        requestAnimationFrame(() => channel.port2.postMessage(null))
      }
      look()
    })
    addEventListener('click', () => (state.tappedAt = performance.now()), { capture: true })
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const get = IDBObjectStore.prototype.get
    IDBObjectStore.prototype.get = function getCounted(key) {
      const request = get.call(this, key)
      if (this.name === 'pieces' || this.name === 'blobs')
        request.addEventListener('success', () => {
          state.readBytes += (request.result as { bytes?: ArrayBuffer } | undefined)?.bytes?.byteLength ?? 0
        })
      return request
    }
  }, pageSelector(STOPPED_AT))

interface Opened {
  ms: number
  readBytes: number
  /** Of the workers' threads until then: they are not slowed down. */
  workerMs: number
  shown: number
}

interface Reading {
  stage: Stage
  scan: Scan
  profile: string
  troubles: string[]
}

async function opened(
  { profile }: Reading,
  { page }: AppPhone,
  act: () => Promise<unknown>,
): Promise<Opened> {
  const before = cpuOfWorkers(profile)
  await act()
  const took = await page.evaluate(async () => {
    const at = await globalThis.benchReader.pixelsAt
    return { ms: at - globalThis.benchReader.tappedAt, readBytes: globalThis.benchReader.readBytes }
  })
  const workerMs = cpuOfWorkers(profile) - before
  return { ...took, workerMs, shown: await numberShown(page, STOPPED_AT) }
}

/** A new process of the browser for each way: nothing is left of the one before. */
async function inNewProcess<T>(reading: Reading, work: (phone: AppPhone) => Promise<T>): Promise<T> {
  const { stage, profile, troubles } = reading
  const phone = await openPhone(stage.bench, { profile, offline: true, slowdown: SLOWDOWN })
  await watchReader(phone.context)
  const value = await work(phone)
  troubles.push(...phone.troubles)
  await phone.close()
  return value
}

const fromCold = (reading: Reading): Promise<Opened> =>
  inNewProcess(reading, (phone) =>
    opened(reading, phone, () =>
      profiled(phone.page, 'reader-cold', () => phone.page.goto(reading.scan.url + reading.scan.path)),
    ),
  )

const fromList = (reading: Reading): Promise<Opened> =>
  inNewProcess(reading, async (phone) => {
    const { page } = phone
    const { url, path } = reading.scan
    await page.goto(url + LIST)
    const row = page.locator(`#main a[href="${path}"]`).first()
    await row.scrollIntoViewIfNeeded()
    // What the app does when it has just been opened is not for the tap to meet.
    await page.waitForTimeout(4000)
    return opened(reading, phone, () => profiled(page, 'reader-list', () => row.click()))
  })

/** pdf.js alone on an empty page. */
const bare = (reading: Reading, way: 'whole' | 'pieces'): Promise<Opened> =>
  inNewProcess(reading, async (phone) => {
    const { page } = phone
    await page.goto(reading.scan.url + FLOORS.words)
    await page.waitForTimeout(1000)
    return opened(reading, phone, () =>
      page.evaluate(readBare, [`wh-${reading.scan.personId}`, reading.scan.sha256, way, STOPPED_AT] as const),
    )
  })

interface Row {
  bytes: ArrayBuffer
  sizeBytes: number
  sums?: string[]
}

/** Runs in the page. */
async function readBare([database, sha256, way, number]: readonly [string, string, string, number]) {
  globalThis.benchReader.tappedAt = performance.now()
  const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve) => request.addEventListener('success', () => resolve(request.result)))
  const db = await answerOf(indexedDB.open(database))
  const get = (store: string, key: IDBValidKey) =>
    answerOf(db.transaction(store).objectStore(store).get(key) as IDBRequest<Row>)
  const kept = (await (await caches.open('wh-on-demand')).keys()).map(({ url }) => url)
  const addressOf = (pattern: RegExp) => kept.find((url) => pattern.test(url))!
  const pdfjs = await import(/* @vite-ignore */ addressOf(/pdf\.min/))
  pdfjs.GlobalWorkerOptions.workerSrc = addressOf(/pdf-worker/)
  const row = await get('blobs', sha256)
  const pieceBytes = 512 * 1024
  const pieceAt = async (at: number) => new Uint8Array((await get('pieces', [sha256, at])).bytes)
  let source: object
  if (way === 'whole') {
    const data = new Uint8Array(row.sizeBytes)
    for (let at = 0; at < row.sizeBytes; at += pieceBytes) data.set(await pieceAt(at), at)
    source = { data }
  } else {
    const range = new pdfjs.PDFDataRangeTransport(row.sizeBytes, null)
    range.requestDataRange = async (begin: number, end: number) => {
      const data = new Uint8Array(end - begin)
      for (let at = begin; at < end; at += pieceBytes) data.set(await pieceAt(at), at - begin)
      range.onDataRange(begin, data)
    }
    source = { range, rangeChunkSize: pieceBytes, disableAutoFetch: true, disableStream: true }
  }
  const pdf = await pdfjs.getDocument({ ...source, useWorkerFetch: false }).promise
  const page = await pdf.getPage(number)
  const viewport = page.getViewport({ scale: (innerWidth - 32) / page.getViewport({ scale: 1 }).width })
  const canvas = document.createElement('canvas')
  canvas.width = viewport.width
  canvas.height = viewport.height
  await page.render({ canvas, viewport }).promise
  const box = document.createElement('div')
  box.className = 'page'
  box.setAttribute('aria-label', `第 ${number} 页`)
  box.append(canvas)
  document.body.append(box)
}

interface Paged {
  wrong: number[]
  canvases: number
  canvasBytes: number
  heapBytes: number
  residentBytes: number
  readBytes: number
}

/** As a reader does who looks at every page, on a machine that is not slowed down. */
async function pageThrough(reading: Reading, phone: AppPhone): Promise<Paged> {
  const { page, cdp } = phone
  const paged: Paged = {
    wrong: [],
    canvases: 0,
    canvasBytes: 0,
    heapBytes: 0,
    residentBytes: 0,
    readBytes: 0,
  }
  await slowDown(cdp, 1)
  await cdp.send('Performance.enable')
  for (let number = 1; number <= PAGES; number++) {
    await goToPage(page, number)
    if ((await numberShown(page, number)) !== number) paged.wrong.push(number)
    const { canvases, bytes, readBytes } = await page.evaluate(() => {
      const alive = globalThis.benchReader.canvases()
      const sum = alive.reduce((all, { width, height }) => all + width * height * 4, 0)
      return { canvases: alive.length, bytes: sum, readBytes: globalThis.benchReader.readBytes }
    })
    const { metrics } = await cdp.send('Performance.getMetrics')
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
    paged.canvases = Math.max(paged.canvases, canvases)
    paged.canvasBytes = Math.max(paged.canvasBytes, bytes)
    paged.heapBytes = Math.max(paged.heapBytes, heap)
    paged.residentBytes = Math.max(paged.residentBytes, residentBytes(reading.profile))
    paged.readBytes = readBytes
  }
  return paged
}

const pagedThrough = (reading: Reading) =>
  inNewProcess(reading, async (phone) => {
    await phone.page.goto(reading.scan.url + reading.scan.path)
    await phone.page.locator(pageSelector(STOPPED_AT)).waitFor()
    const paged = await pageThrough(reading, phone)
    // The place is where it was for whoever comes next.
    await goToPage(phone.page, STOPPED_AT)
    await phone.page.waitForTimeout(1000)
    return paged
  })

export async function reader(stage: Stage): Promise<Report> {
  const scan = await serveScan(stage)
  const profile = await phoneWithScan(stage, scan)
  const reading: Reading = { stage, scan, profile, troubles: [] }
  stage.bench.log('没有网络、慢四倍，在停下的一页打开扫描件')
  const ways = {
    'from the list': { way: fromList, runs: [] as Opened[] },
    cold: { way: fromCold, runs: [] as Opened[] },
    'pdf.js alone, the file whole first': { way: (r: Reading) => bare(r, 'whole'), runs: [] as Opened[] },
    'pdf.js alone, in pieces': { way: (r: Reading) => bare(r, 'pieces'), runs: [] as Opened[] },
  }
  // Each once in turn, so that a busy moment of the machine meets all.
  for (let turn = 0; turn < TURNS; turn++)
    for (const { way, runs } of Object.values(ways)) runs.push(await way(reading))
  stage.bench.log('翻过全部 60 页')
  const paged = await pagedThrough(reading)

  const ours = [...ways['from the list'].runs, ...ways.cold.runs]
  const all = Object.values(ways).flatMap(({ runs }) => runs)
  const tapMs = median(ways['from the list'].runs.map((run) => run.ms))
  const mostRead = Math.max(...ours.map((run) => run.readBytes))
  return {
    tables: [
      {
        title: `Page ${STOPPED_AT} of ${PAGES}, ${megabytes(scan.sizeBytes)}, offline, main thread ${SLOWDOWN} times slower`,
        head: [
          'opened',
          'its pixels stand after',
          'best',
          'worst',
          'read from the disk',
          'workers’ own time',
        ],
        rows: Object.entries(ways).map(([name, { runs }]) => {
          const times = runs.map((run) => run.ms)
          return [
            name,
            `**${ms(median(times))}**`,
            ms(Math.min(...times)),
            ms(Math.max(...times)),
            megabytes(median(runs.map((run) => run.readBytes))),
            ms(median(runs.map((run) => run.workerMs))),
          ]
        }),
      },
      {
        title: `All ${PAGES} pages, one after another`,
        head: [
          'canvases at most',
          'their pixels',
          'heap of the page',
          'process of the page',
          'read from the disk',
        ],
        rows: [
          [
            whole(paged.canvases),
            megabytes(paged.canvasBytes),
            megabytes(paged.heapBytes),
            megabytes(paged.residentBytes),
            megabytes(paged.readBytes),
          ],
        ],
      },
    ],
    checks: [
      {
        sentence: `the pixels are those of page ${STOPPED_AT}, each time`,
        holds: all.every((run) => run.shown === STOPPED_AT),
      },
      {
        sentence: `opening read at most a fifth of the file (${megabytes(mostRead)})`,
        holds: mostRead > 0 && mostRead * 5 <= scan.sizeBytes,
      },
      {
        sentence: `each of the ${PAGES} pages showed its own pixels`,
        holds: paged.wrong.length === 0,
      },
      {
        sentence: `at most ${MOST_CANVASES} canvases lived at a time (${paged.canvases})`,
        holds: paged.canvases <= MOST_CANVASES,
      },
      { sentence: 'the browser reported no fault', holds: reading.troubles.length === 0 },
    ],
    budgets: [
      {
        name: `opening a scan of ${PAGES} pages and ${megabytes(scan.sizeBytes)} where one stopped, from the list`,
        budget: '< 2 s',
        measured: seconds(tapMs),
        met: tapMs < BUDGET_MS,
      },
    ],
    notes: [
      'workers are not slowed down by the browser: four times their own time is what a slow phone has to bear at most',
    ],
  }
}
