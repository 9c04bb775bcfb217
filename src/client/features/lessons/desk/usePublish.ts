/**
 * Publishing, which needs the endpoint. Files first, then the command; a lost answer does no harm, because the same draft
 * is sent under the same id. What is refused or cannot be sent stays a draft.
 */
import { ref, shallowRef } from 'vue'
import { command, newCommandId } from '../../../remote/commands.ts'
import { RemoteProblem } from '../../../remote/call.ts'
import { uploadBlob } from '../../../remote/files.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { StorageTrouble } from '../../../storage/trouble.ts'
import { canonicalJson, sha256Hex } from '../../../../shared/sync/canonical.ts'
import { deskScope, ORG_SCOPE, ROOT_UNIT_ID } from '../../../../shared/sync/scopes.ts'
import { writeDraft } from './draft-store.ts'
import { toIssue, type LessonDraft } from './lesson-draft.ts'

async function uploadFiles({ db, blobs }: Phone, draft: LessonDraft): Promise<void> {
  // For some units the file goes to the office's own desk first: publishing lets the units' members read it.
  const scope = draft.unitIds === null ? ORG_SCOPE : deskScope(ROOT_UNIT_ID)
  for (const { sha256 } of draft.attachments) {
    const row = await db.blobs.get(sha256)
    if (row?.upload !== 1) continue
    const file = await blobs.get(sha256)
    if (file === undefined) continue
    await uploadBlob(sha256, file, scope)
    await db.blobs.update(sha256, { upload: 0 })
  }
}

/** The same words again are the same act; other words are another one. */
const actOf = (draft: LessonDraft): string => sha256Hex(canonicalJson(toIssue(draft)))

export function usePublish() {
  const phone = usePhone()
  const isSending = ref(false)
  const problem = shallowRef<RemoteProblem | StorageTrouble>()
  let act: { of: string; id: string } | undefined

  const idFor = async (draft: LessonDraft): Promise<string> => {
    const of = actOf(draft)
    const [keptOf, keptId] = draft.commandId?.split(' ') ?? []
    if (act?.of !== of) act = { of, id: keptOf === of && keptId ? keptId : newCommandId() }
    // On the disk before it is sent: an answer that was lost with the page is asked for again, not acted on twice.
    await writeDraft(phone.db, { ...draft, savedAt: phone.now(), commandId: `${act.of} ${act.id}` })
    return act.id
  }
  /** @returns whether it is published */
  const publish = async (draft: LessonDraft): Promise<boolean> => {
    if (isSending.value) return false
    isSending.value = true
    problem.value = undefined
    try {
      const id = await idFor(draft)
      await uploadFiles(phone, draft)
      await command('publish-lesson', toIssue(draft), { id })
      return true
    } catch (error) {
      if (!(error instanceof RemoteProblem || error instanceof StorageTrouble)) throw error
      problem.value = error
      // A refusal is settled: after mending what was refused, the same words may be sent anew.
      if (error instanceof RemoteProblem && error.code !== 'offline') act = undefined
      return false
    } finally {
      isSending.value = false
    }
  }
  return { publish, isSending, problem }
}
