/** Writes a new document, or a new revision of one. The file is stored here and sent before the record that names it. */
import { ref, shallowRef } from 'vue'
import { ROOT_UNIT_ID } from '../../../../shared/sync/scopes.ts'
import type { Document, Revision } from '../../../../shared/circulation/document.ts'
import { hashBytes } from '../../../storage/blobs.ts'
import { usePhone } from '../../../storage/phone.ts'
import { InvalidFields } from '../../../storage/trouble.ts'
import { readChosen, type ChosenFile, type FormText } from './document-form.ts'

export interface HashedFile extends ChosenFile {
  sha256: string
}

export function useDocumentForm(documentId: string | undefined) {
  const phone = usePhone()
  const file = shallowRef<HashedFile | null>(null)
  const refusal = ref('')
  const isReading = ref(false)
  const isSaving = ref(false)

  async function choose(chosen: File | undefined): Promise<void> {
    if (chosen === undefined) return
    isReading.value = true
    refusal.value = ''
    file.value = null
    try {
      const answer = await readChosen(chosen)
      if (answer.type === 'refused') refusal.value = answer.sentence
      else file.value = { ...answer.file, sha256: await hashBytes(answer.file.bytes) }
    } catch {
      // A file that is gone or can't be read any more: the browser gives no better reason.
      refusal.value = '这个文件读不出来，请重新选一次。'
    } finally {
      isReading.value = false
    }
  }

  function revisionOf(chosen: HashedFile, standing: Document | undefined, note: string): Revision {
    const newest = Math.max(0, ...(standing?.revisions ?? []).map((r) => r.revision))
    const { sha256, name, mime, pages, bytes } = chosen
    return {
      revision: newest + 1,
      file: { sha256, name, mime, sizeBytes: bytes.byteLength },
      pages,
      readingSha256: null,
      at: phone.now(),
      note,
    }
  }

  /** @returns the document's id; undefined while an earlier press is being written @throws StorageTrouble, InvalidFields */
  async function save(text: FormText): Promise<string | undefined> {
    const chosen = file.value
    if (chosen === null || isSaving.value) return undefined
    isSaving.value = true
    try {
      const standing =
        documentId === undefined ? undefined : (await phone.store.get('document', documentId))?.fields
      if (standing?.revisions.some((r) => r.file.sha256 === chosen.sha256))
        throw new InvalidFields('file', '这个文件和已有的版本完全相同，不用再登记。')
      await phone.blobs.put(chosen.bytes, chosen.mime)
      const { note, receivedOn, urgency, ...head } = text
      const fields = {
        ...standing,
        ...head,
        urgency: urgency as Document['urgency'],
        receivedOn: receivedOn === '' ? null : receivedOn,
        ownerUnitId: standing?.ownerUnitId ?? ROOT_UNIT_ID,
        nonClassifiedBy: phone.person.id,
        nonClassifiedAt: phone.now(),
        revisions: [...(standing?.revisions ?? []), revisionOf(chosen, standing, note)],
      }
      return await phone.store.put('document', fields, documentId === undefined ? {} : { id: documentId })
    } finally {
      isSaving.value = false
    }
  }
  return { file, refusal, isReading, isSaving, choose, save }
}
