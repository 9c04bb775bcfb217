/**
 * Opens the phone of the signed-in person as the browser app needs it. Loaded with the first sign-in, not before.
 * A browser that keeps nothing (private mode, full disk) is told at the start, not at the first signature; what lies on the
 * phone can be read all the same, so that comes first.
 */
import type { Session } from '../../remote/session-state.ts'
import { probeStorage, StorageTrouble } from '../../storage/trouble.ts'
import { openPhone, type OpenPhone } from '../../sync/phone/open-phone.ts'
import { readFirstScreen } from './first-screen.ts'
import type { FoundToday } from '../../features/today/read-today.ts'
import { afterFirstPaint } from '../../ui/page/after-first-paint.ts'
import type { PhonePerson } from '../../storage/phone.ts'

export interface ToldOnTheWay extends Pick<Session, 'markExpired' | 'noteContact' | 'noteDevice'> {
  /** A step broke on the phone itself; it is tried again. */
  noteTrouble(trouble: Error): void
  /** Another window keeps the older layout open; the opening goes on by itself once that is closed. */
  noteBlocked(trouble: Error): void
}

export type SignedInPhone = OpenPhone & { foundToday: FoundToday }

/** A file of its own, but asked for at once: a phone whose sync could never begin does not open. */
const engine = import('../../sync/worker/browser-worker.ts').then(({ startEngineInWorker }) =>
  startEngineInWorker(afterFirstPaint),
)
engine.catch(() => undefined)

export async function openSignedIn(
  person: PhonePerson,
  device: { deviceId: string; keyId: string | null },
  told: ToldOnTheWay,
): Promise<SignedInPhone> {
  const first = readFirstScreen(person)
  const phone = await openPhone({
    person,
    session: device,
    fetch: (...request) => fetch(...request),
    fetchBlob: async (...request) => (await import('../../remote/files.ts')).fetchBlob(...request),
    engine,
    found: first.then((read) => read?.found),
    firstScreen: afterFirstPaint(),
    locks: navigator.locks,
    onBlocked: () => told.noteBlocked(new StorageTrouble('blocked', undefined)),
    onSignInNeeded: () => told.markExpired(),
    onContact: (at) => told.noteContact(at),
    onDevice: (renewed) => told.noteDevice(renewed),
    onTrouble: (trouble) => told.noteTrouble(trouble),
  })
  void afterFirstPaint().then(async () => {
    const trouble = await probeStorage(phone.db)
    // Who has left meanwhile took the database along.
    if (trouble !== null && !phone.db.isOver) told.noteTrouble(trouble)
  })
  const foundToday: FoundToday = (await first)?.today ?? {}
  void afterFirstPaint().then(() => {
    delete foundToday.today
    delete foundToday.now
  })
  return Object.assign(phone, { foundToday })
}
