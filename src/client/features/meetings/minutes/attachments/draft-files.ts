/** The files that a draft of minutes names, as a list, and what a changed list writes into it. */
import type { FileRef } from '../../../../../shared/fields.ts'
import type { MinutesDraft } from '../../../../../shared/meetings/minutes/draft.ts'

type Named = Pick<MinutesDraft, 'files'> | undefined

const standing = (draft: Named) =>
  Object.entries(draft?.files ?? {})
    .filter(([, { gone, name }]) => gone !== true && (name ?? '') !== '')
    .sort(([a, one], [b, other]) => (one.order ?? 0) - (other.order ?? 0) || (a < b ? -1 : 1))

/** In the order in which they were added. */
export const filesIn = (draft: Named): FileRef[] =>
  standing(draft).map(([sha256, { name = '', mime = '', sizeBytes = 0 }]) => ({
    sha256,
    name,
    mime,
    sizeBytes,
  }))

/** Those that went with a proposal: they need no phone any more. */
export const sentIn = (draft: Named): ReadonlySet<string> =>
  new Set(standing(draft).flatMap(([sha256, { sent }]) => (sent === true ? [sha256] : [])))

/** Flat paths; of a file that was taken out nothing stays but its hash. @param at orders what is added (UTC ms) */
export function changesTo(draft: Named, next: readonly FileRef[], at: number): Record<string, unknown> {
  const before = new Set(filesIn(draft).map(({ sha256 }) => sha256))
  const after = new Set(next.map(({ sha256 }) => sha256))
  const added = next
    .filter(({ sha256 }) => !before.has(sha256))
    .map(({ sha256, ...file }, place) => [
      `files/${sha256}`,
      { ...file, order: at + place, gone: false, sent: false },
    ])
  const taken = [...before]
    .filter((sha256) => !after.has(sha256))
    .map((sha256) => [`files/${sha256}`, { name: '', mime: '', sizeBytes: 0, gone: true, sent: false }])
  return Object.fromEntries([...added, ...taken])
}
