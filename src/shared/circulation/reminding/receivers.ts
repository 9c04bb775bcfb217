/**
 * Who is reminded of what is not signed: the person, or the substitutes who are named in the person's place. One receiver is
 * reminded once, however many signatures are due from them.
 */
import type { RecipientLine } from '../coverage/coverage-by.ts'
import type { Substitution } from '../signing/substitution.ts'

export interface Receiver {
  personId: string
  name: string
  /** For whom they are to sign as the substitute. */
  forPersonIds: string[]
}

/** @param asked lines of those who have not signed @param substitutions of this circulation, in force */
export function receiversOf(
  asked: readonly Pick<RecipientLine, 'personId' | 'name'>[],
  substitutions: readonly Substitution[],
): Receiver[] {
  const receivers = new Map<string, Receiver>()
  const receiver = (personId: string, name: string): Receiver => {
    const found = receivers.get(personId) ?? { personId, name, forPersonIds: [] }
    receivers.set(personId, found)
    return found
  }
  for (const { personId, name } of asked) {
    const instead = substitutions.filter((s) => s.personId === personId)
    if (instead.length === 0) receiver(personId, name)
    for (const { substituteId, substituteName } of instead) {
      const { forPersonIds } = receiver(substituteId, substituteName || '代签人')
      if (!forPersonIds.includes(personId)) forPersonIds.push(personId)
    }
  }
  return [...receivers.values()]
}
