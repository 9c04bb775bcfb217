/** Writes a new document, or a new revision of one. The files are stored here and sent before the record that names them. */
import { ref } from 'vue'
import type { Document, Revision, RevisionFile } from '../../../../../shared/circulation/document/document.ts'
import { signedSha256 } from '../../../../../shared/circulation/document/signed-sha256.ts'
import { askFileFacts } from '../../../../remote/file-facts.ts'
import { useFileLimit } from '../../../../remote/file-limit.ts'
import { keptFileLimit } from '../../../../storage/files/kept-limit.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { InvalidFields } from '../../../../storage/trouble.ts'
import { useChosenFiles, type HashedFile } from '../files/useChosenFiles.ts'
import type { FormText } from './document-form.ts'

/** @param desk the unit that keeps a new document */
export function useDocumentForm(documentId: string | undefined, desk: () => string) {
  const phone = usePhone()
  const limitBytes = useFileLimit(keptFileLimit(phone.db))
  const chosen = useChosenFiles(limitBytes, (name, bytes) => askFileFacts(desk(), name, bytes))
  const isSaving = ref(false)

  async function keep({
    bytes,
    mime,
    name,
    pages,
    reading,
    warnings,
    sha256,
  }: HashedFile): Promise<RevisionFile> {
    await phone.blobs.put(bytes, mime)
    const readingSha256 = reading === null ? null : await phone.blobs.put(reading, 'text/markdown')
    return {
      file: { sha256, name, mime, sizeBytes: bytes.byteLength },
      pages,
      readingSha256,
      ...(warnings.length === 0 ? {} : { warnings: warnings.slice(0, 20) }),
    }
  }

  /** @returns the document's id; undefined while an earlier press is being written @throws StorageTrouble, InvalidFields */
  async function save(text: FormText): Promise<string | undefined> {
    const [main, ...more] = chosen.files.value
    if (main === undefined || isSaving.value) return undefined
    isSaving.value = true
    try {
      const standing =
        documentId === undefined ? undefined : (await phone.store.get('document', documentId))?.fields
      const before = standing?.revisions ?? []
      const named = { file: main, attachments: more.map((file) => ({ file })) }
      if (before.some((r) => signedSha256(r) === signedSha256(named)))
        throw new InvalidFields('file', '选的文件和已有的版本完全相同，不用再登记。')
      const { note, receivedOn, urgency, ...head } = text
      const attachments: RevisionFile[] = []
      const file = await keep(main)
      for (const attachment of more) attachments.push(await keep(attachment))
      const revision: Revision = {
        revision: Math.max(0, ...before.map((r) => r.revision)) + 1,
        ...file,
        ...(attachments.length === 0 ? {} : { attachments }),
        at: phone.now(),
        note,
      }
      const fields = {
        ...standing,
        ...head,
        urgency: urgency as Document['urgency'],
        receivedOn: receivedOn === '' ? null : receivedOn,
        ownerUnitId: standing?.ownerUnitId ?? desk(),
        nonClassifiedBy: phone.person.id,
        nonClassifiedAt: phone.now(),
        revisions: [...before, revision],
      }
      return await phone.store.put('document', fields, documentId === undefined ? {} : { id: documentId })
    } finally {
      isSaving.value = false
    }
  }
  return { ...chosen, limitBytes, isSaving, save }
}
