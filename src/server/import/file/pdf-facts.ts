/**
 * What has to be known of a PDF before it is circulated: that it opens, how long it is, and the text where a secrecy
 * mark would stand. Nothing is drawn, so no canvas package is needed; character maps come from the package, so nothing
 * is fetched.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { isCutPdf, readPdfText, type PdfText } from '../../../shared/circulation/intake/pdf-text.ts'
import { refused, type Refusal } from '../problems.ts'

export interface PdfFacts extends PdfText {
  type: 'pdf'
}

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/**
 * Facts of a PDF; reads the text of the first `textPages` pages (10).
 * Refused with a sentence: a password, a damaged file, a file without pages.
 */
export async function readPdfFacts(bytes: Uint8Array, textPages = 10): Promise<PdfFacts | Refusal> {
  if (isCutPdf(bytes)) return damaged()
  // Loaded at the first PDF: it is large, and without the optional canvas package it prints three warnings to stderr.
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const task = pdfjs.getDocument({
    // A copy, because pdf.js takes the bytes away; a plain one, because it refuses Node's Buffer, as files are read into.
    data: new Uint8Array(bytes),
    cMapUrl: `${join(packageFolder, 'cmaps')}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(packageFolder, 'standard_fonts')}/`,
    wasmUrl: `${join(packageFolder, 'wasm')}/`,
    useSystemFonts: false,
    disableFontFace: true,
    stopAtErrors: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  })
  try {
    return await factsOf(await task.promise, textPages)
  } catch (error) {
    return refusalFor(error)
  } finally {
    await task.destroy()
  }
}

async function factsOf(document: PDFDocumentProxy, textPages: number): Promise<PdfFacts | Refusal> {
  if (document.numPages === 0) return refused('PDF 里没有页面。请重新导出后再导入。')
  return { type: 'pdf', ...(await readPdfText(document, textPages)) }
}

/** pdf.js tells its errors apart by name. */
function refusalFor(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException') return refused('PDF 设有打开密码，无法读取。请去掉密码后再导入。')
  if (error instanceof ReferenceError) throw error // something is missing on this machine, the file is not to blame
  return damaged()
}

const damaged = () => refused('PDF 已损坏或不完整，无法打开。请从原处重新复制，或重新导出后再导入。')
