/** The circulations on this phone as the signed-in person sees them; follows the database. */
import { revisionFiles } from '../../../shared/circulation/document/revisions.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone, type Phone } from '../../storage/phone.ts'
import { lineFor, type CirculationLine } from './circulation-lines.ts'
import { canBeRead } from './reader/file-kind.ts'
import { unshownFiles } from './reader/unshown/unshown-files.ts'

export async function readLines(phone: Phone): Promise<CirculationLine[]> {
  const personId = phone.person.id
  const [circulations, changes, signOffs] = await Promise.all([
    phone.db.records('circulation').toArray(),
    phone.db.records('recipient-change').toArray(),
    phone.db.records('sign-off').where('fields.personId').equals(personId).toArray(),
  ])
  return circulations.map((c) => lineFor(c, changes, signOffs, personId, phone.now()))
}

export async function readLine(phone: Phone, id: string): Promise<CirculationLine | null> {
  const circulation = await phone.db.records('circulation').get(id)
  if (circulation === undefined) return null
  const [changes, signOffs] = await Promise.all([
    phone.db.records('recipient-change').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off').where('fields.circulationId').equals(id).toArray(),
  ])
  return lineFor(circulation, changes, signOffs, phone.person.id, phone.now())
}

export function useCirculations() {
  const phone = usePhone()
  return useLiveOrLoading(() => readLines(phone))
}

/** One circulation: undefined while loading, null when it is not on this phone. */
export function useCirculation(id: () => string) {
  const phone = usePhone()
  return useLiveOrLoading(() => readLine(phone, id()), [id])
}

/** SHA-256 of the files that stand whole on this phone, without those that could not be shown: nobody signs what they cannot see. */
export function useFilesHere() {
  const phone = usePhone()
  const unshown = unshownFiles(phone)
  return useLiveOrLoading(async () => {
    const keys = await phone.db.blobs.toCollection().primaryKeys()
    return new Set<string>(keys.filter((sha256) => !unshown.value.has(sha256)))
  }, [() => unshown.value])
}

/** Everything of the revision is on this phone and can be read here: all files that are signed, and the reading texts of them. */
export function isHere(
  line: Pick<CirculationLine, 'revision'>,
  here: ReadonlySet<string> | undefined,
): boolean {
  if (here === undefined || !canBeRead(line.revision)) return false
  return revisionFiles([line.revision]).every((sha256) => here.has(sha256))
}
