/**
 * Files that belong to minutes. Guarantee: their names and hashes are part of what is proposed, confirmed and signed; minutes
 * without any are hashed and signed as they were before there were files.
 */
import * as v from 'valibot'
import { FileRef } from '../../fields.ts'
import { canonicalJson, sha256Hex } from '../../sync/canonical.ts'

export const MOST_ATTACHED = 20

/** Absent where there are none, never empty: one set of files has one form. */
export const Attached = v.optional(
  v.pipe(
    v.array(FileRef),
    v.minLength(1),
    v.maxLength(MOST_ATTACHED, `不超过 ${MOST_ATTACHED} 个附件`),
    v.check((files) => new Set(files.map(({ sha256 }) => sha256)).size === files.length, '附件重复'),
  ),
)
type Files = readonly FileRef[] | undefined

/** To be spread into fields and into what is hashed. */
export const attachedPart = (files: Files): { files?: FileRef[] } =>
  files === undefined || files.length === 0 ? {} : { files: [...files] }

export const isSameAttached = (one: Files, other: Files): boolean =>
  canonicalJson(attachedPart(one)) === canonicalJson(attachedPart(other))

/** By which a draft is told from what was handed over of it. */
export const proposedSha256 = (body: string, files: Files): string =>
  files === undefined || files.length === 0 ? sha256Hex(body) : sha256Hex(canonicalJson({ body, files }))
