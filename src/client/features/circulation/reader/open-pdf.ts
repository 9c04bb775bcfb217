/**
 * PDF by pdf.js, loaded only when a PDF is opened. Worker, character maps, standard fonts and image decoders come
 * from our own origin: Chinese files often name fonts that they do not carry, and then the maps are needed to read them.
 * The legacy build is for Chrome 100 and Safari 15.4.
 *
 * Not named pdf-…: chunks of that name are kept out of the precache, and this one is imported by the reader of every file.
 */
import type * as pdfJs from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { PIECE_BYTES, type KeptFile } from '../../../storage/files/kept-file.ts'

export type { PDFDocumentProxy, PDFPageProxy }
type PdfJs = typeof pdfJs

/** Of a picture in a page: A4 at 300 dpi, A3 at 200. A larger one is decoded at half its size, and is still read well. */
const MOST_IMAGE_PIXELS = 9_000_000

/** A file that can't be shown; `message` is a Chinese sentence. */
export class UnreadablePdf extends Error {
  readonly type = 'unreadable-pdf'
}

/** What pdf.js asks for: `kind` names the folder, `filename` the file in it. */
interface BinaryRequest {
  kind: string
  filename: string
}

interface Assets {
  addressOf(filename: string): string | undefined
}

async function bytesOf(assets: Assets, { filename }: BinaryRequest): Promise<Uint8Array> {
  const address = assets.addressOf(filename)
  if (address === undefined) throw new Error(`no such file for pdf.js: ${filename}`)
  const response = await fetch(address)
  if (!response.ok) throw new Error(`pdf.js could not get ${filename}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The next PDF's viewer, with its worker started: begun while the file itself is still being looked for on the phone. */
let prepared: Promise<Viewer> | undefined

interface Viewer {
  pdfjs: PdfJs
  assets: Assets
  worker: InstanceType<PdfJs['PDFWorker']>
  /** Rejects when the worker cannot be had, or was made to fail: pdf.js would wait for it for ever. */
  failure: Promise<never>
  /** The worker is there: what goes wrong in it from now on, pdf.js tells itself. */
  started(): void
  /** The worker ends before anybody is told: asked to end while it opens a file, it complains in the console. */
  fail(error: unknown): void
  end(): void
}

async function startViewer(): Promise<Viewer> {
  const assets = await import('./assets-of-pdf.ts')
  // By ourselves, beside the viewer: on a slow phone each takes some hundred milliseconds to be read, and pdf.js would begin with
  // the worker only when it has been read itself.
  const port = new Worker(assets.workerAddress, { type: 'module' })
  let reject: (error: unknown) => void
  const failure = new Promise<never>((_, rejectIt) => (reject = rejectIt))
  failure.catch(() => undefined)
  const starting = new AbortController()
  const didNotStart = (): void => reject(new Error('the worker of pdf.js did not start'))
  port.addEventListener('error', didNotStart, { signal: starting.signal })
  try {
    const pdfjs = (await import(/* @vite-ignore */ assets.viewerAddress)) as PdfJs
    // Its declaration knows no port, its documentation does.
    const worker = new pdfjs.PDFWorker({ port: port as unknown as null })
    const end = (): void => {
      worker.destroy()
      port.terminate()
    }
    const fail = (error: unknown): void => {
      end()
      reject(error)
    }
    return { pdfjs, assets, worker, failure, started: () => starting.abort(), fail, end }
  } catch (error) {
    port.terminate()
    throw error
  }
}

/** The viewer read, no worker started: for whoever may soon open a PDF. Nothing is fetched that is not on the phone. */
export async function warmPdf(): Promise<void> {
  const { viewerAddress } = await import('./assets-of-pdf.ts')
  if (!('caches' in globalThis) || (await caches.match(viewerAddress)) === undefined) return
  await import(/* @vite-ignore */ viewerAddress)
}

/** Whoever is about to show a PDF says so here; what goes wrong is told when it is opened. */
export function preparePdf(): void {
  prepared ??= startViewer()
  prepared.catch(() => (prepared = undefined))
}

async function takeViewer(): Promise<Viewer> {
  const mine = prepared ?? startViewer()
  prepared = undefined
  return await mine
}

function sentenceFor(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException') return '这个 PDF 设有密码，打不开。请告诉党建科换一份没有密码的。'
  if (name === 'InvalidPDFException') return '这个文件打不开，可能已损坏或不是 PDF。请告诉党建科。'
  return '阅读器没有打开这个文件。若是第一次打开 PDF，请联网后再试一次。'
}

export interface OpenPdf {
  document: PDFDocumentProxy
  /** Rejects when a part of the file does not come any more: whatever was asked of the document stays unanswered from then on. */
  lost: Promise<never>
  close(): Promise<void>
}

/**
 * Only the pieces that a page needs come into memory; the file stays where the browser keeps it. pdf.js asks for none twice.
 * @param onLost what was asked for does not come: pdf.js would wait for it for ever
 */
function piecesOf(pdfjs: PdfJs, file: KeptFile, onLost: (error: unknown) => void) {
  const range = new pdfjs.PDFDataRangeTransport(file.sizeBytes, null)
  range.requestDataRange = (begin, end) =>
    void file.range(begin, end).then((bytes) => range.onDataRange(begin, bytes), onLost)
  return { range, rangeChunkSize: PIECE_BYTES, disableAutoFetch: true, disableStream: true }
}

/** @throws UnreadablePdf */
export async function openPdf(file: ArrayBuffer | KeptFile): Promise<OpenPdf> {
  let task: PDFDocumentLoadingTask | undefined
  let viewer: Viewer | undefined
  /** To its end, or what was asked of the worker fails unheard; one that is gone is not waited for. */
  const close = async (): Promise<void> => {
    await Promise.race([task?.destroy(), viewer?.failure]).catch(() => undefined)
    viewer?.end()
  }
  try {
    viewer = await takeViewer()
    const { pdfjs, assets, worker, failure, started, fail } = viewer
    task = pdfjs.getDocument({
      worker,
      ...('range' in file ? piecesOf(pdfjs, file, fail) : { data: new Uint8Array(file) }),
      // pdf.js makes one of these for each document; it needs nothing but `fetch`.
      BinaryDataFactory: class {
        fetch(request: BinaryRequest): Promise<Uint8Array> {
          return bytesOf(assets, request)
        }
      },
      useWorkerFetch: false,
      // Said, so that pdf.js does not try canvases of a gigabyte to find how large they may be.
      canvasMaxAreaInBytes: MOST_IMAGE_PIXELS * 4,
      disableWorkerRendering: true,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
    } as Parameters<typeof pdfjs.getDocument>[0])
    const document = await Promise.race([task.promise, failure])
    started()
    return { document, lost: failure, close }
  } catch (error) {
    await close()
    throw new UnreadablePdf(sentenceFor(error), { cause: error })
  }
}

/** @throws UnreadablePdf */
export async function countPages(bytes: ArrayBuffer): Promise<number> {
  const { document, close } = await openPdf(bytes)
  const pages = document.numPages
  await close()
  return pages
}
