/**
 * 提交: freezes a copy of the draft into the file that the side's scorers read. The draft stays private and may go on.
 *
 * Guaranteed: the copy has every answer as it stood; a second tap, or submitting the same again, makes no second fact; a
 * changed one supersedes what was submitted before.
 */
import type { Side } from '../../../../../shared/assessment/sides.ts'
import { readActor } from '../../../../storage/actor.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { sameAnswers } from '../../answers.ts'
import { readSide } from '../../side-state.ts'

export type Submitted = { type: 'submitted'; id: string } | { type: 'same' | 'frozen' | 'no-unit' | 'no-set' }

export async function submitSide(phone: Phone, month: string, side: Side): Promise<Submitted> {
  const actor = await readActor(phone.db, phone.person.id, phone.now())
  const state = await readSide(phone.db, actor, month, side)
  if (state.result !== null) return { type: 'frozen' }
  if (state.set === null) return { type: 'no-set' }
  if (state.unitId === null) return { type: 'no-unit' }
  const standing = state.submission
  const isSame =
    standing !== null &&
    standing.fields.unitId === state.unitId &&
    sameAnswers(state.set.fields, state.answers, standing.fields.answers)
  if (isSame) return { type: 'same' }
  const id = await phone.store.put('submission', {
    personId: phone.person.id,
    name: phone.person.name,
    unitId: state.unitId,
    month,
    side,
    setId: state.set.id,
    answers: state.answers,
    supersedes: state.heads,
  })
  return { type: 'submitted', id }
}
