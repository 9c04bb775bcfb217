/** What the second person confirms, and what the publisher was warned of: nobody confirms what they were not shown. */
import type { Document, Revision } from '../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import { fingerprint } from '../paper-words.ts'
import { warningsOfFile, warningsOfHead } from './form/document-form.ts'

/** Of the files of a revision, 正文 first: each with what asks for a look. */
export const warningsByFile = (revision: Revision): string[][] =>
  filesOf(revision).map(({ file, warnings }) => warningsOfFile({ name: file.name, warnings: warnings ?? [] }))

export function confirmationInWords(
  document: Pick<Document, 'title' | 'documentNo'>,
  revision: Revision,
): string {
  const files = filesOf(revision)
  const what = files.length === 1 ? '我看过这份文件' : `我看过全部 ${files.length} 个文件`
  const warnings = warningsOfHead(document).length + warningsByFile(revision).flat().length
  const asked = warnings === 0 ? '' : `有 ${warnings} 处提示要核对，我已逐处看过。`
  return `${what}（指纹 ${fingerprint(signedSha256(revision))}），确认不涉及国家秘密、工作秘密。${asked}`
}
