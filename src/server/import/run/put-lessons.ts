/** A folder of lessons into issues for everyone. A file that changed becomes a revision of its lesson. */
import { civilInstant, mondayOfWeek } from '../../../shared/civil-time.ts'
import type { FileRef } from '../../../shared/fields.ts'
import { idFrom } from '../../../shared/sync/canonical.ts'
import { columnId } from '../../commands/make-bureau.ts'
import { putLesson } from '../../commands/publish-lesson.ts'
import { putRecord } from '../../commands/put-record.ts'
import type { WriteTx } from '../../store/record-store.ts'
import type { LessonItem } from '../folder.ts'
import { IMPORT_AUTHOR, keepFile, note, type ImportParts, type ImportReport } from './import-job.ts'

/** Lessons come out on Monday morning before the first shift, unless the file says another time. */
const PUBLISH_TIME = '07:00'

/** Images of a Word file become files of their own that the text names by their hash; they are listed beside it too. */
export async function imagesToAttachments(
  parts: ImportParts,
  tx: WriteTx,
  source: LessonItem['source'],
  markdown: string,
) {
  const attachments: FileRef[] = []
  for (const [index, image] of source.images.entries()) {
    const sha256 = await keepFile(parts, tx, image.bytes, image.mime)
    attachments.push({ sha256, name: `图 ${index + 1}`, mime: image.mime, sizeBytes: image.bytes.length })
  }
  const body = markdown.replaceAll(/!\[[^\]]*\]\(blob:(\d+)\)/g, (all: string, index: string) => {
    const sha256 = attachments[Number(index)]?.sha256
    return sha256 === undefined ? all : `![图 ${Number(index) + 1}](blob:${sha256})`
  })
  return { attachments, body }
}

export async function putLessons(
  parts: ImportParts,
  tx: WriteTx,
  items: readonly LessonItem[],
  report: ImportReport,
): Promise<void> {
  for (const item of items) {
    const column = columnId(item.column)
    if ((await tx.record('column', column)) === undefined) {
      await putRecord(tx, {
        type: 'column',
        id: column,
        fields: { name: item.column, order: 100 },
        author: IMPORT_AUTHOR,
        now: parts.now,
      })
      report.added.push(`栏目 ${item.column}`)
    }
    const { attachments, body } = await imagesToAttachments(parts, tx, item.source, item.markdown)
    const issue = {
      issueId: idFrom('lesson', item.week, item.column, item.title),
      unitIds: null,
      week: item.week,
      columnId: column,
      title: item.title,
      body,
      attachments,
      publishAt: item.publishedAt ?? civilInstant(mondayOfWeek(item.week), PUBLISH_TIME),
      revisionNote: '重新导入，内容有更新',
    }
    const counts = await putLesson(tx, issue, IMPORT_AUTHOR, parts.now, new Set())
    const change = counts.added > 0 ? 'added' : counts.changed > 0 ? 'changed' : 'same'
    note(report, change, `课 ${item.week} ${item.column}《${item.title}》`)
  }
}
