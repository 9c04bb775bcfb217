/**
 * What has to be known of a PDF before it is circulated: that it opens, how long it is, and the text where a secrecy
 * mark would stand. Nothing is drawn, so no canvas package is needed; character maps come from the package, so nothing
 * is fetched.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { refused, type Refusal } from './problems.ts'

export interface PdfFacts {
  type: 'pdf'
  pageCount: number
  /** From the document information; null when absent or blank. */
  title: string | null
  /** Text of the first pages, a line for each line of the page, pages separated by form feeds. */
  text: string
  /** Title, subject, keywords and author, one in a line: also to be passed through the secrecy gate. */
  info: string
  /** False for a scan: its pages can't be checked by machine. */
  hasText: boolean
  /** Names of the files inside the PDF. */
  attachmentNames: string[]
}

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/**
 * Facts of a PDF; reads the text of the first `textPages` pages (10).
 * Refused with a sentence: a password, a damaged file, a file without pages.
 */
export async function readPdfFacts(bytes: Uint8Array, textPages = 10): Promise<PdfFacts | Refusal> {
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
  const pages: string[] = []
  for (let number = 1; number <= Math.min(textPages, document.numPages); number += 1) {
    const page = await document.getPage(number)
    pages.push(linesOf((await page.getTextContent()).items))
    page.cleanup()
  }
  const info = infoStrings((await document.getMetadata()).info)
  const attachments = [...((await document.getAttachments())?.values() ?? [])]
  const text = pages.join('\f')
  return {
    type: 'pdf',
    pageCount: document.numPages,
    title: info.Title ?? null,
    text,
    info: Object.values(info).join('\n'),
    hasText: text.trim() !== '',
    attachmentNames: attachments.map(({ filename }) => filename),
  }
}

type TextItems = Awaited<
  ReturnType<Awaited<ReturnType<PDFDocumentProxy['getPage']>>['getTextContent']>
>['items']

function linesOf(items: TextItems): string {
  return items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('')
}

function infoStrings(info: object): Partial<Record<string, string>> {
  const wanted = ['Title', 'Subject', 'Keywords', 'Author']
  return Object.fromEntries(
    Object.entries(info).flatMap(([key, value]) =>
      wanted.includes(key) && typeof value === 'string' && value.trim() !== '' ? [[key, value.trim()]] : [],
    ),
  )
}

/** pdf.js tells its errors apart by name. */
function refusalFor(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException') return refused('PDF 设有打开密码，无法读取。请去掉密码后再导入。')
  if (error instanceof ReferenceError) throw error // something is missing on this machine, the file is not to blame
  return refused('PDF 已损坏或不完整，无法打开。请从原处重新复制，或重新导出后再导入。')
}
