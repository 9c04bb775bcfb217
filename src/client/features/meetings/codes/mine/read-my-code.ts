/** Who shows the code, and which of their marks of these hours have arrived on this phone. */
import { rollLines } from '../../../../../shared/meetings/roll.ts'
import { primaryUnitsOf, readActor } from '../../../../storage/actor.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { clockTime } from '../../../../ui/words.ts'
import { stateInWords } from '../../model/meeting-words.ts'

/** Marks of these last hours concern the sitting at whose door one stands. */
const LATELY_MS = 12 * 3_600_000

export interface MyRollLine {
  meetingId: string
  title: string
  /** 已记到会 20:51 · 扫码 */
  words: string
}

export interface MyCode {
  name: string
  unitName: string
  marks: MyRollLine[]
}

export async function readMyCode({ db, person, now }: Pick<Phone, 'db' | 'person' | 'now'>): Promise<MyCode> {
  const actor = await readActor(db, person.id, now())
  const { branchId, primaryUnitId } = primaryUnitsOf(actor)
  const [unit, rows] = await Promise.all([
    db.records('unit').get(branchId ?? primaryUnitId ?? ''),
    db.records('roll-mark').where('fields.personId').equals(person.id).toArray(),
  ])
  const sittings = new Map(rows.map((row) => [row.fields.sittingId, row.fields.meetingId]))
  const marks: (MyRollLine & { at: number })[] = []
  const self = {
    personId: person.id,
    name: person.name,
    memberKind: 'full' as const,
    votingRight: false,
    handOrder: 0,
  }
  for (const [sittingId, meetingId] of sittings) {
    const [line] = rollLines([self], rows, sittingId)
    const head = line?.heads.at(-1)
    if (line === undefined || head === undefined || line.state === 'cleared') continue
    if (head.observedAt < actor.now - LATELY_MS) continue
    const meeting = await db.records('meeting').get(meetingId)
    if (meeting === undefined) continue
    const words = `已记${stateInWords(line.state, line.leaveKind)} ${clockTime(head.observedAt)}`
    marks.push({ meetingId, title: meeting.fields.title, words, at: head.observedAt })
  }
  return {
    name: person.name,
    unitName: unit?.fields.name ?? '',
    marks: marks.sort((a, b) => b.at - a.at),
  }
}
