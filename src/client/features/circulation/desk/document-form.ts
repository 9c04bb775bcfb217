/**
 * What the desk's form of a document accepts. Pure rules: the secrecy gate on names, what is required, which files.
 * Guarantee: what bears a secrecy mark in its name, title or number is refused before anything is stored.
 */
import type { Document } from '../../../../shared/circulation/document.ts'
import { secrecyMarkIn } from '../../../../shared/circulation/secrecy-marks.ts'
import { countPages } from '../reader/open-pdf.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export const DECLARATION = '我声明：这份文件不涉及国家秘密、工作秘密，可以在本系统传阅（非密）。'
export const MOST_BYTES = 50 * 1024 * 1024

export interface FormText {
  documentNo: string
  title: string
  issuer: string
  receivedOn: string
  urgency: string
  instructions: string
  note: string
}

export const EMPTY_FORM: FormText = {
  documentNo: '',
  title: '',
  issuer: '',
  receivedOn: '',
  urgency: '平件',
  instructions: '',
  note: '',
}

export function formOf(document: Document): FormText {
  const { documentNo, title, issuer, receivedOn, urgency, instructions } = document
  return {
    documentNo,
    title,
    issuer: issuer ?? '',
    receivedOn: receivedOn ?? '',
    urgency: urgency ?? '平件',
    instructions: instructions ?? '',
    note: '',
  }
}

export type FormErrors = Partial<Record<keyof FormText | 'file' | 'declaration', string>>

const markSentence = (what: string, mark: string): string =>
  `${what}带有“${mark}”字样。涉密文件不得进入本系统，请按保密规定另行传阅。`

/** Refusal of a name that bears a mark; undefined when it may pass. */
export function refusedName(what: string, name: string): string | undefined {
  const found = secrecyMarkIn(name)
  return found?.level === 'refuse' ? markSentence(what, found.mark) : undefined
}

/** Words that ask for a second look, such as 内部资料. */
export function warningsFor(text: FormText, fileName: string): string[] {
  const found = [text.title, text.documentNo, fileName].map(secrecyMarkIn)
  return [...new Set(found.flatMap((mark) => (mark?.level === 'warn' ? [mark.mark] : [])))]
}

export function checkForm(text: FormText, file: { name: string } | null, isDeclared: boolean): FormErrors {
  const errors: FormErrors = {}
  const set = (key: keyof FormErrors, sentence: string | undefined): void => {
    if (sentence !== undefined && errors[key] === undefined) errors[key] = sentence
  }
  set('documentNo', refusedName('发文字号', text.documentNo))
  set('title', text.title.trim() === '' ? '请写标题' : refusedName('标题', text.title))
  set('documentNo', text.documentNo.length > 200 ? '请写在 200 字以内' : undefined)
  set('title', text.title.length > 200 ? '请写在 200 字以内' : undefined)
  set('issuer', text.issuer.length > 200 ? '请写在 200 字以内' : undefined)
  set('note', text.note.length > 200 ? '请写在 200 字以内' : undefined)
  set('instructions', text.instructions.length > 5000 ? '请写在 5000 字以内' : undefined)
  set('file', file === null ? '请选择文件' : refusedName('文件名', file.name))
  set('declaration', isDeclared ? undefined : '请先声明非密')
  return errors
}

export interface ChosenFile {
  name: string
  mime: 'application/pdf' | 'text/markdown'
  bytes: Uint8Array<ArrayBuffer>
  pages: number | null
}
export type FileAnswer = { type: 'file'; file: ChosenFile } | { type: 'refused'; sentence: string }

const refuse = (sentence: string): FileAnswer => ({ type: 'refused', sentence })

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return !bytes.includes(0)
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Reads a chosen file by its bytes, not by its name. */
export async function readChosen(file: File): Promise<FileAnswer> {
  const marked = refusedName('文件名', file.name)
  if (marked !== undefined) return refuse(marked)
  if (file.size === 0) return refuse('这个文件是空的，请重新选一个。')
  if (file.size > MOST_BYTES) return refuse('文件超过 50 MB，请压缩后再选。')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  if (/\.docx?$/i.test(file.name) || start.startsWith('PK'))
    return refuse('Word 文件请在服务器上用导入功能登记（会转换成可阅看的文字）；这里请选 PDF 或 Markdown。')
  if (start.includes('%PDF-')) {
    try {
      const pages = await countPages(bytes.slice().buffer)
      return { type: 'file', file: { name: file.name, mime: 'application/pdf', bytes, pages } }
    } catch (error) {
      return refuse(sentenceOf(error, '这个 PDF 打不开，请换一份再选。'))
    }
  }
  if (/\.(md|markdown)$/i.test(file.name) && isUtf8(bytes))
    return { type: 'file', file: { name: file.name, mime: 'text/markdown', bytes, pages: null } }
  return refuse('只能登记 PDF 或 Markdown（.md，UTF-8）文件；这个文件的内容不是。')
}
