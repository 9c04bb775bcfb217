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
  /** Rejects when the worker cannot be had: pdf.js would wait for it for ever. */
  failure: Promise<never>
  end(): void
}

async function startViewer(): Promise<Viewer> {
  const assets = await import('./assets-of-pdf.ts')
  // By ourselves, beside the viewer: on a slow phone each takes some hundred milliseconds to be read, and pdf.js would begin with
  // the worker only when it has been read itself.
  const port = new Worker(assets.workerAddress, { type: 'module' })
  const failure = new Promise<never>((_, reject) =>
    port.addEventListener('error', () => reject(new Error('the worker of pdf.js did not start'))),
  )
  failure.catch(() => undefined)
  try {
    const pdfjs = (await import(/* @vite-ignore */ assets.viewerAddress)) as PdfJs
    // Its declaration knows no port, its documentation does.
    const worker = new pdfjs.PDFWorker({ port: port as unknown as null })
    const end = (): void => {
      worker.destroy()
      port.terminate()
    }
    return { pdfjs, assets, worker, failure, end }
  } catch (error) {
    port.terminate()
    throw error
  }
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
  close(): Promise<void>
}

/**
 * Only the pieces that a page needs come into memory; the file stays where the browser keeps it. pdf.js asks for none twice.
 * @param onLost what was asked for does not come: pdf.js would wait for it for ever
 */
function piecesOf(pdfjs: PdfJs, file: KeptFile, onLost: () => void) {
  const range = new pdfjs.PDFDataRangeTransport(file.sizeBytes, null)
  range.requestDataRange = (begin, end) =>
    void file.range(begin, end).then((bytes) => range.onDataRange(begin, bytes), onLost)
  return { range, rangeChunkSize: PIECE_BYTES, disableAutoFetch: true, disableStream: true }
}

/** @throws UnreadablePdf */
export async function openPdf(file: ArrayBuffer | KeptFile): Promise<OpenPdf> {
  let task: PDFDocumentLoadingTask | undefined
  let viewer: Viewer | undefined
  try {
    viewer = await takeViewer()
    const { pdfjs, assets, worker, failure, end } = viewer
    task = pdfjs.getDocument({
      worker,
      ...('range' in file
        ? piecesOf(pdfjs, file, () => void task?.destroy().catch(() => undefined))
        : { data: new Uint8Array(file) }),
      // pdf.js makes one of these for each document; it needs nothing but `fetch`.
      BinaryDataFactory: class {
        fetch(request: BinaryRequest): Promise<Uint8Array> {
          return bytesOf(assets, request)
        }
      },
      useWorkerFetch: false,
      disableWorkerRendering: true,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
    } as Parameters<typeof pdfjs.getDocument>[0])
    const opened = task
    const close = async (): Promise<void> => {
      await opened.destroy()
      end()
    }
    return { document: await Promise.race([task.promise, failure]), close }
  } catch (error) {
    // To its end, or what it asked of its worker fails unheard; only one that never came is not waited for.
    await Promise.race([task?.destroy(), viewer?.failure]).catch(() => undefined)
    viewer?.end()
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
