/**
 * The files of open circulations, on the phone before they are needed; gone when recalled, and some time after the archive.
 * The app runs `keepFiles` while a phone is open (circulation.ahead.ts); screens only look at what it does.
 */
import { filesOf, revisionFiles } from '../../../../shared/circulation/document/revisions.ts'
import { follow } from '../../../storage/upkeep/follow.ts'
import { needParts } from '../../../ui/device/later-parts.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { byDue, type CirculationLine } from '../circulation-lines.ts'
import { createFileKeeper, type FileKeeper } from './file-keeper.ts'
import { pdfViewer } from './pdf-viewer.ts'
import { isConvertedWord, readingOf } from '../reader/file-kind.ts'
import { readLines } from '../useCirculations.ts'

/** One keeper for each open phone, so that no two downloads run side by side. */
const keepers = new WeakMap<Phone, FileKeeper>()

export function keeperOf(phone: Phone): FileKeeper {
  const keeper = keepers.get(phone) ?? createFileKeeper(phone.blobs, () => navigator.onLine)
  keepers.set(phone, keeper)
  return keeper
}

const toSignFirst = (line: CirculationLine): number =>
  line.state === 'waiting' || line.state === 'outdated' ? 0 : 1

export interface FilePlan {
  /** To be here, most urgent first. */
  keep: string[]
  /** Of recalled circulations only; a file that another circulation names stays. */
  remove: string[]
  /** Of archived ones: may go when there is a quiet moment, and can be downloaded again. */
  free: string[]
}

export function planFiles(lines: readonly CirculationLine[]): FilePlan {
  const open = lines
    .filter((line) => line.state !== 'recalled' && line.state !== 'archived')
    .sort((a, b) => toSignFirst(a) - toSignFirst(b) || byDue(a, b))
  const keep = [...new Set(open.flatMap((line) => revisionFiles([line.revision])))]
  const filesWhere = (isMeant: (line: CirculationLine) => boolean) =>
    new Set(lines.filter(isMeant).flatMap((l) => revisionFiles(l.fields.revisions)))
  const named = filesWhere((l) => l.state !== 'recalled')
  const recalled = filesWhere((l) => l.state === 'recalled')
  const inUse = filesWhere((l) => l.state !== 'archived')
  const archived = filesWhere((l) => l.state === 'archived')
  return {
    keep,
    remove: [...recalled].filter((sha256) => !named.has(sha256)),
    free: [...archived].filter((sha256) => !inUse.has(sha256)),
  }
}

/** The desk's own copies are of a document that it keeps: recalling a circulation does not take the master away. */
async function namedByDesk(phone: Phone): Promise<Set<string>> {
  const documents = await phone.db.records('document').toArray()
  return new Set(documents.flatMap((d) => revisionFiles(d.fields.revisions)))
}

export async function removeCopies(phone: Phone, remove: readonly string[]): Promise<void> {
  if (remove.length === 0) return
  const kept = await namedByDesk(phone)
  for (const sha256 of remove) if (!kept.has(sha256)) await phone.blobs.remove(sha256)
}

/**
 * A PDF that is here can be read only with the viewer, so that is kept too, unread: once for each start of the app. A phone
 * without a PDF keeps none. A failure is tried again with the next change of the list.
 */
let viewer: Promise<unknown> | undefined
/** The layout of Word files, likewise; the service worker keeps it on the way, so without one it waits for the next start. */
let wordViewer: Promise<unknown> | undefined
function keepViewer(lines: readonly CirculationLine[], whenQuiet: () => Promise<void>): void {
  const files = lines
    .filter((l) => l.state !== 'recalled' && l.state !== 'archived')
    .flatMap((l) => filesOf(l.revision))
  const hasPdf = files.some((file) => readingOf(file).type === 'pdf')
  if (hasPdf) needParts(pdfViewer)
  if (!navigator.onLine) return
  if (hasPdf)
    viewer ??= whenQuiet()
      .then(() => pdfViewer.keep())
      .catch(() => (viewer = undefined))
  if (files.some(isConvertedWord) && navigator.serviceWorker?.controller)
    wordViewer ??= whenQuiet()
      .then(() => import('../reader/docx/viewer-docx.ts'))
      .catch(() => (wordViewer = undefined))
}

/**
 * Keeps the phone's files in step with its circulations until stopped. Once for each open phone is enough.
 * @param whenQuiet what nobody waits for yet is fetched then
 */
export function keepFiles(
  phone: Phone,
  whenQuiet: () => Promise<void> = () => Promise.resolve(),
): () => void {
  const keeper = keeperOf(phone)
  let isFirst = true
  // The list on the screen tells about a database that can't be read.
  const stop = follow(
    () => readLines(phone),
    (lines) => {
      const plan = planFiles(lines)
      // A file that could not be removed is tried again at the next change; nothing is shown from it meanwhile.
      // What is archived goes at the next start only: who has just downloaded it again is reading it.
      const gone = isFirst ? [...plan.remove, ...plan.free] : plan.remove
      isFirst = false
      void removeCopies(phone, gone).catch(() => undefined)
      void keeper.want(plan.keep).then(() => keepViewer(lines, whenQuiet))
    },
  )
  const wake = () => void keeper.wake()
  window.addEventListener('online', wake)
  return () => {
    stop()
    window.removeEventListener('online', wake)
    keeper.stop()
    keepers.delete(phone)
  }
}

export function useKeptFiles() {
  const { fetching, trouble, fetchNow } = keeperOf(usePhone())
  return { fetching, trouble, fetchNow }
}
