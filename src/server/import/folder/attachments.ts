/** 附件 in a folder of documents: told by the name of the folder in which they lie. */
import { MOST_ATTACHMENTS } from '../../../shared/circulation/document/document.ts'
import type { FolderProblem } from '../problems.ts'
import { groupBy, refuse } from './read-all.ts'
import type { SourceFile } from './source-file.ts'

/** …/甲〔2026〕31号 通知 for …/甲〔2026〕31号 通知附件/名单.pdf; null for a document of its own. */
function ownerOf(path: string): string | null {
  const folder = path.split('/').slice(0, -1).join('/')
  return /^(.*[^/\s_—-])[\s_—-]*附件$/u.exec(folder)?.[1] ?? null
}
const withoutExtension = (path: string) => path.replace(/\.[^./]+$/, '')

/** Refused: a folder of attachments beside which no document of its name lies, and more than a document may have. */
export function withAttachments(sources: readonly SourceFile[], problems: FolderProblem[]) {
  const groups = groupBy(sources, ({ path }) => ownerOf(path))
  const mains = groups.get(null) ?? []
  const names = new Set(mains.map(({ path }) => withoutExtension(path)))
  for (const [owner, group] of groups) {
    const first = group[0]?.path ?? ''
    if (owner !== null && !names.has(owner))
      refuse(problems, first, `附件文件夹旁边没有名为“${owner.split('/').at(-1)}”的正文。请核对名称。`)
    else if (owner !== null && group.length > MOST_ATTACHMENTS)
      refuse(problems, first, `有 ${group.length} 个附件，最多 ${MOST_ATTACHMENTS} 个。请合并后再导入。`)
  }
  return { mains, attachmentsOf: ({ path }: SourceFile) => groups.get(withoutExtension(path)) ?? [] }
}
