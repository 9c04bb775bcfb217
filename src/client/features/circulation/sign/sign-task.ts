/** What is to be signed on a page: one's own sign-off, or somebody else's as their recorded substitute. Never both. */
import type { Substitution } from '../../../../shared/circulation/signing/substitution.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { readLine } from '../useCirculations.ts'
import { asksFor, readForOther } from './for-others.ts'

export interface SignTask {
  line: CirculationLine
  /** Whom one signs for; null: for oneself. */
  substitution: Substitution | null
  asksForSign: boolean
}

/** Who was signed for by another, or on paper, may still sign with the own hand; both are kept. */
export const maySignBeside = ({ state, signOff }: CirculationLine): boolean =>
  state === 'signed' && signOff !== undefined && signOff.fields.mode !== 'in-person'

/** @param forPersonId undefined: oneself. null: there is nothing to sign, or no more. */
export async function readSignTask(
  phone: Phone,
  id: string,
  forPersonId: string | undefined,
): Promise<SignTask | null> {
  if (forPersonId !== undefined) {
    const found = await readForOther(phone, id, forPersonId)
    return found && { line: found.line, substitution: found.substitution, asksForSign: asksFor(found) }
  }
  const line = await readLine(phone, id)
  if (line === null) return null
  const asksForSign = line.state === 'waiting' || line.state === 'outdated' || maySignBeside(line)
  return { line, substitution: null, asksForSign }
}
