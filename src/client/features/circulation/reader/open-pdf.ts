/**
 * PDF by pdf.js, loaded only when a PDF is opened. Worker, character maps, standard fonts and image decoders come
 * from our own origin: Chinese files often name fonts that they do not carry, and then the maps are needed to read them.
 * The legacy build is for Chrome 100 and Safari 15.4.
 *
 * Not named pdf-…: chunks of that name are kept out of the precache, and this one is imported by the reader of every file.
 */
import type * as pdfJs from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

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

async function loadViewer() {
  const assets = await import('./assets-of-pdf.ts')
  const pdfjs = (await import(/* @vite-ignore */ assets.viewerAddress)) as PdfJs
  pdfjs.GlobalWorkerOptions.workerSrc = assets.workerAddress
  return { pdfjs, assets }
}

/** The next PDF's viewer, with its worker started: begun while the file itself is still being read from the phone. */
let prepared: Promise<Viewer> | undefined

interface Viewer extends Awaited<ReturnType<typeof loadViewer>> {
  worker: InstanceType<PdfJs['PDFWorker']>
}

async function startViewer(): Promise<Viewer> {
  const viewer = await loadViewer()
  return { ...viewer, worker: new viewer.pdfjs.PDFWorker() }
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

/** Pieces that pdf.js asks a file on the phone for: larger than its own for the line, since none has to travel. */
const PIECE_BYTES = 262_144

/** Only the pieces that a page needs come into memory; the file stays where the browser keeps it. */
function piecesOf(pdfjs: PdfJs, file: Blob) {
  const range = new pdfjs.PDFDataRangeTransport(file.size, null)
  range.requestDataRange = (begin, end) => {
    void file
      .slice(begin, end)
      .arrayBuffer()
      // Lost under the reader (storage was cleared): no bytes, and pdf.js says that the file cannot be read.
      .catch(() => new ArrayBuffer(0))
      .then((bytes) => range.onDataRange(begin, new Uint8Array(bytes)))
  }
  return { range, rangeChunkSize: PIECE_BYTES, disableAutoFetch: true, disableStream: true }
}

/** @throws UnreadablePdf */
export async function openPdf(file: ArrayBuffer | Blob): Promise<OpenPdf> {
  let task: PDFDocumentLoadingTask | undefined
  let worker: Viewer['worker'] | undefined
  try {
    const { pdfjs, assets, ...viewer } = await takeViewer()
    worker = viewer.worker
    task = pdfjs.getDocument({
      worker,
      ...(file instanceof Blob ? piecesOf(pdfjs, file) : { data: new Uint8Array(file) }),
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
    const end = async (): Promise<void> => {
      await opened.destroy()
      viewer.worker.destroy()
    }
    return { document: await task.promise, close: end }
  } catch (error) {
    await task?.destroy()
    worker?.destroy()
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
