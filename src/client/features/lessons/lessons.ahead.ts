/**
 * The whole week is on the phone before the shift starts: pictures and attachments of this week's lessons, and of the week
 * before, are fetched while there is a network. One file at a time; what is too large for that is fetched when it is tapped.
 */
import { follow } from '../../storage/upkeep/follow.ts'
import { civilDate, DAY_MS, isoWeek } from '../../../shared/civil-time.ts'
import { RemoteProblem } from '../../remote/call.ts'
import type { Phone } from '../../storage/phone.ts'

/** A larger file waits for a tap: not everybody has the plan for it. */
const LARGEST_BYTES = 5 * 1024 * 1024

async function wantedFiles({ db, now }: Phone): Promise<string[]> {
  const at = now()
  const weeks = [at, at - 7 * DAY_MS].map((ms) => isoWeek(civilDate(ms)))
  const lessons = await db.records('lesson').where('fields.week').anyOf(weeks).toArray()
  const current = lessons.filter((l) => l.fields.publishAt <= at && !l.fields.withdrawn)
  const files = current.flatMap((l) => l.fields.attachments).filter((file) => file.sizeBytes <= LARGEST_BYTES)
  return [...new Set(files.map((file) => file.sha256))]
}

/** @returns how to stop */
export function keepAhead(phone: Phone): () => void {
  const abort = new AbortController()
  let round = Promise.resolve()

  async function fetchAll(sha256s: readonly string[]): Promise<void> {
    for (const sha256 of sha256s) {
      if (abort.signal.aborted || !navigator.onLine) return
      try {
        await phone.blobs.keep(sha256, { signal: abort.signal })
      } catch (problem) {
        // A file that was recalled: the others still come. Without a network none does, until it is back.
        if (problem instanceof RemoteProblem && problem.code === 'offline') return
      }
    }
  }
  let wanted: readonly string[] = []
  const goRound = (): void => {
    round = round.then(() => fetchAll(wanted))
  }
  // The list on the screen tells about a database that can't be read.
  const stop = follow(
    () => wantedFiles(phone),
    (sha256s) => {
      wanted = sha256s
      goRound()
    },
  )
  window.addEventListener('online', goRound)
  return () => {
    abort.abort()
    window.removeEventListener('online', goRound)
    stop()
  }
}
