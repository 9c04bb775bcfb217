/**
 * The files that a meeting's minutes name: which they were, by name and hash. The files themselves do not lie in the bundle; one
 * at hand is compared by its hash. Whoever altered the minutes may have written any file into them: what only such minutes name is
 * doubted.
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
  /** Named by minutes alone that do not hold. */
  isDoubted: boolean
}

type Minutes = SealedMeeting['minutes'][number]

function filesOf({ fields }: Minutes, isDoubted: boolean): NamedFile[] {
  const attachments = (fields.files ?? []).map(({ name, sha256, sizeBytes }): NamedFile => {
    return { about: 'attachment', name, sha256, sizeBytes, isDoubted }
  })
  const materials = (fields.facts?.attachments ?? []).map(({ name, sha256 }): NamedFile => {
    return { about: 'material', name, sha256, sizeBytes: null, isDoubted }
  })
  return [...attachments, ...materials]
}

/** Each once. @param holds do these minutes hold (verify.ts)? */
export function namedFiles(
  bundle: Pick<SealedMeeting, 'minutes'>,
  holds: (minutesId: string) => boolean,
): NamedFile[] {
  const files = new Map<string, NamedFile>()
  for (const minutes of bundle.minutes)
    for (const file of filesOf(minutes, !holds(minutes.id))) {
      const key = `${file.about} ${file.sha256}`
      if (files.get(key)?.isDoubted !== false) files.set(key, file)
    }
  return [...files.values()]
}

/** As it is, and as it entered when it is a photo: without the place where it was taken. */
export const formsOf = (file: ArrayBuffer): readonly ArrayBuffer[] => [file, withoutPlace(file)]

export const NAMED_FILE_WORDS: Record<NamedFile['about'], string> = { attachment: '附件', material: '材料' }
