/**
 * The files that a meeting's minutes name: which they were, by name and hash. The files themselves do not lie in the bundle; one
 * at hand is compared by its hash.
 */
import { withoutPlace } from '../../without-place.ts'
import type { SealedMeeting } from './bundle.ts'

export interface NamedFile {
  /** 附件 of the minutes, 材料 of the meeting. */
  about: 'attachment' | 'material'
  name: string
  sha256: string
  /** null: minutes note no size of materials. */
  sizeBytes: number | null
}

/** Each is part of what was confirmed and signed; each once. */
export function namedFiles(bundle: Pick<SealedMeeting, 'minutes'>): NamedFile[] {
  const attachments = bundle.minutes.flatMap(({ fields }) => fields.files ?? [])
  const materials = bundle.minutes.flatMap(({ fields }) => fields.facts?.attachments ?? [])
  const all: NamedFile[] = [
    ...attachments.map(({ name, sha256, sizeBytes }) => ({
      about: 'attachment' as const,
      name,
      sha256,
      sizeBytes,
    })),
    ...materials.map(({ name, sha256 }) => ({ about: 'material' as const, name, sha256, sizeBytes: null })),
  ]
  return [...new Map(all.map((file) => [`${file.about} ${file.sha256}`, file])).values()]
}

/** As it is, and as it entered when it is a photo: without the place where it was taken. */
export const formsOf = (file: ArrayBuffer): readonly ArrayBuffer[] => [file, withoutPlace(file)]

export const NAMED_FILE_WORDS: Record<NamedFile['about'], string> = { attachment: '附件', material: '材料' }
