/**
 * What the desk's form of a document accepts. Pure rules: the secrecy gate on names, what is required.
 * Guarantee: what bears a secrecy mark in its name, title or number is refused before anything is stored.
 */
import type { Document } from '../../../../../shared/circulation/document/document.ts'
import { secrecyMarkIn } from '../../../../../shared/circulation/intake/secrecy-marks.ts'
import { findSecrecyMarks } from '../../../../../shared/circulation/intake/secrecy-text.ts'
import { markSentence } from '../files/read-chosen.ts'

export const DECLARATION = '我声明：这份文件不涉及国家秘密、工作秘密，可以在本系统传阅（非密）。'
export const LOOKED = '以上各处我已再核对一次，可以在本系统传阅。'

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

export type FormErrors = Partial<Record<keyof FormText | 'file' | 'looked' | 'declaration', string>>

/** Refusal of a name that bears a mark; undefined when it may pass. */
export function refusedName(what: string, name: string): string | undefined {
  const found = secrecyMarkIn(name)
  return found?.level === 'refuse' ? markSentence(what, found.mark) : undefined
}

export interface NamedFile {
  name: string
  warnings: readonly string[]
}

const warningsOfName = (what: string, name: string): string[] => {
  const found = secrecyMarkIn(name)
  return found?.level === 'warn' ? [`${what}有“${found.mark}”字样`] : []
}
/** What of a file asks for a second look, as phrases: 是扫描件… */
export const warningsOfFile = ({ name, warnings }: NamedFile): string[] => [
  ...warningsOfName('文件名', name),
  ...warnings,
]
/** The same of what names the document. */
export const warningsOfHead = (head: { title: string; documentNo: string }): string[] => [
  ...warningsOfName('标题', head.title),
  ...warningsOfName('发文字号', head.documentNo),
]

export const countWarnings = (text: FormText, files: readonly NamedFile[]): number =>
  warningsOfHead(text).length + files.flatMap(warningsOfFile).length

/** @param isLooked whether the person has looked again at what asks for it */
export function checkForm(
  text: FormText,
  files: readonly NamedFile[],
  { isDeclared, isLooked }: { isDeclared: boolean; isLooked: boolean },
): FormErrors {
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
  const mark = findSecrecyMarks(text.instructions).find(({ level }) => level === 'refuse')?.mark
  set('instructions', mark === undefined ? undefined : markSentence('阅办要求', mark))
  set('instructions', text.instructions.length > 5000 ? '请写在 5000 字以内' : undefined)
  if (files.length === 0) set('file', '请选择文件')
  for (const { name } of files) set('file', refusedName(`“${name}”文件名`, name))
  set('looked', isLooked || countWarnings(text, files) === 0 ? undefined : '请先核对上面列出的地方')
  set('declaration', isDeclared ? undefined : '请先声明非密')
  return errors
}
