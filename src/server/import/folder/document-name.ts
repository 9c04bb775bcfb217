/** 发文字号 and title in the name of a file. */

export interface DocumentName {
  /** “办公室〔2026〕31号”: hexagonal brackets, no leading zeros (GB/T 9704); null when the name has none. */
  documentNumber: string | null
  /** What remains of the name; null when nothing does. */
  title: string | null
}

const numberPattern =
  /^\s*(.*?)\s*[〔[(（【［]\s*(\d{4})\s*[〕\])）】］]\s*第?\s*0*(\d{1,5})\s*(号|(?=[\s_—-]|$))/u

/** Reads “办公室〔2026〕31号 关于….pdf”; [] () （） 【】 count as 〔〕. */
export function parseDocumentName(path: string): DocumentName {
  const name = (path.split('/').at(-1) ?? path).replace(/\.[^.]+$/, '')
  const match = numberPattern.exec(name)
  const agency = match?.[1]?.replace(/^\d{1,3}[\s._、-]+/, '') ?? ''
  if (match === null || agency === '') return { documentNumber: null, title: plainTitle(name) }
  return {
    documentNumber: `${agency}〔${match[2]}〕${match[3]}号`,
    title: plainTitle(name.slice(match[0].length)),
  }
}

/** A number as somebody typed it, in its proper form; the text itself when it has another form. */
export function normaliseDocumentNumber(text: string): string {
  return parseDocumentName(text.normalize('NFC').trim()).documentNumber ?? text.trim()
}

function plainTitle(text: string): string | null {
  const title = text.replace(/^[\s_—.、：:-]+|[\s_—-]+$/g, '').replace(/^《(.*)》$/, '$1')
  return title === '' ? null : title
}
