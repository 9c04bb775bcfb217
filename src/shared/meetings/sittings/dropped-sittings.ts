/**
 * Sittings that somebody took out of a meeting while their roll was being taken on another phone. Guarantee: no mark is out of sight by
 * it: each such sitting is known with how many stand in it, and can be put back under its own id; until then they count nowhere.
 */
import { civilInstant, civilTime } from '../../civil-time.ts'
import type { Meeting, Sitting } from '../meeting.ts'
import { rollLines, type StoredMark } from '../roll.ts'

export interface DroppedSitting {
  id: string
  /** How many people are marked in it. */
  people: number
  /** Of the first mark: UTC ms, by the phone that made it. */
  firstAt: number
}

/** The one whose roll began first stands first; one in which everything was taken back is none. */
export function droppedSittings(
  { sittings }: Pick<Meeting, 'sittings'>,
  marks: readonly StoredMark[],
): DroppedSitting[] {
  const known = new Set(sittings.map(({ id }) => id))
  const left = marks.filter(({ fields }) => !known.has(fields.sittingId))
  return [...new Set(left.map(({ fields }) => fields.sittingId))]
    .map((id) => {
      const own = left.filter(({ fields }) => fields.sittingId === id)
      const roster = [...new Set(own.map(({ fields }) => fields.personId))].map((personId) => ({ personId }))
      const said = rollLines(roster, own, id).filter((line) => line.contradiction || line.state !== 'cleared')
      return { id, people: said.length, firstAt: Math.min(...own.map(({ observedAt }) => observedAt)) }
    })
    .filter(({ people }) => people > 0)
    .sort((a, b) => a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1))
}

const PUT_BACK = '恢复的场次'

/**
 * With this sitting again.
 * @param known as this phone still has it; else it is named for what it is, at the hour of its first mark on the meeting's day
 */
export function withSittingBack<T extends Pick<Meeting, 'sittings' | 'date'>>(
  meeting: T,
  { id, firstAt }: Pick<DroppedSitting, 'id' | 'firstAt'>,
  known?: Sitting,
): T {
  const { sittings, date } = meeting
  if (sittings.some((sitting) => sitting.id === id)) return meeting
  const wanted = known?.name ?? PUT_BACK
  const isTaken = (name: string) => sittings.some((sitting) => sitting.name === name)
  const names = [wanted, ...Array.from({ length: sittings.length }, (_, at) => `${wanted} ${at + 2}`)]
  const startsAt = known?.startsAt ?? civilInstant(date, `${civilTime(firstAt).slice(0, 2)}:00`)
  const back: Sitting = { place: '', ...known, id, startsAt, name: names.find((name) => !isTaken(name))! }
  return { ...meeting, sittings: [...sittings, back].sort((a, b) => a.startsAt - b.startsAt) }
}
