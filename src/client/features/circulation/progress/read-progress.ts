/** Who has signed and who hasn't, who may sign instead, and what is to be settled: as this phone has it. */
import { coverageOf, type RecipientLine } from '../../../../shared/circulation/coverage/coverage.ts'
import { standingOf, type Standing } from '../../../../shared/circulation/signing/settlement.ts'
import { substitutionsOf, type Substitution } from '../../../../shared/circulation/signing/substitution.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { StoredSignOff } from '../circulation-lines.ts'

/** A member of the branch now. */
export interface Candidate {
  personId: string
  name: string
}

export interface ProgressLine extends RecipientLine {
  signOffs: StoredSignOff[]
  /** Who may sign instead; several where several officers have named them. */
  substitutions: Substitution[]
  /** By the change that named them: also those who were named before. */
  namedSubstitutes: ReadonlyMap<string, string>
  /** Of the newest revision that was signed: which sign-off counts, and whether that is to be settled. */
  standing: Standing<StoredSignOff>
}

export async function readProgress(phone: Phone, id: string) {
  const circulation = await phone.db.records('circulation').get(id)
  if (circulation === undefined) return null
  const [changes, signOffs, settlements, memberships] = await Promise.all([
    phone.db.records('recipient-change').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off-settlement').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('membership').where('fields.unitId').equals(circulation.fields.unitId).toArray(),
  ])
  const coverage = coverageOf(circulation, changes, signOffs)
  const substitutions = substitutionsOf(changes)
  const named = new Map(changes.map(({ id: changeId, fields }) => [changeId, fields.substituteName ?? '']))
  const lines = coverage.lines.map((line): ProgressLine => {
    const own = line.signOffs as StoredSignOff[]
    const newest = own.filter((s) => s.fields.revision === own[0]?.fields.revision)
    return {
      ...line,
      signOffs: own,
      substitutions: substitutions.filter(({ personId }) => personId === line.personId),
      namedSubstitutes: named,
      standing: standingOf(newest, settlements),
    }
  })
  const listed = new Set(lines.map(({ personId }) => personId))
  const today = phone.now()
  const members = new Map<string, Candidate>()
  for (const { fields } of memberships)
    if (fields.memberKind !== 'none' && spanHolds({ from: fields.from, to: fields.to ?? null }, today))
      members.set(fields.personId, { personId: fields.personId, name: fields.name })
  const all = [...members.values()]
  return {
    circulation,
    changes,
    settlements,
    coverage,
    lines,
    members: all,
    candidates: all.filter(({ personId }) => !listed.has(personId)),
  }
}

export type Progress = NonNullable<Awaited<ReturnType<typeof readProgress>>>
