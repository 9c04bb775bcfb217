/**
 * 传阅单: the circulation sheet that goes on file, as a pure function of the circulation and the facts about it. On paper and
 * in the exported file it bears the same code when it says the same thing.
 */
import { canonicalJson, sha256Hex } from '../sync/canonical.ts'
import type { Circulation } from './circulation.ts'
import { coverageOf, type Coverage, type RecipientState, type Stored } from './coverage/coverage.ts'
import type { RecipientChange } from './recipient-change.ts'
import { signedSha256 } from './document/signed-sha256.ts'
import type { SignOff } from './signing/sign-off.ts'
import { standingOf, type Settlement, type Standing } from './signing/settlement.ts'

export interface SheetFacts {
  circulation: Stored<Circulation>
  changes: readonly Stored<RecipientChange>[]
  signOffs: readonly Stored<SignOff>[]
  settlements?: readonly Stored<Settlement>[] | undefined
}

export interface SheetRow {
  personId: string
  name: string
  state: RecipientState
  /** Why 免签; empty otherwise. */
  reason: string
  /** Why the person was put on the list after dispatch; empty for who was on it from the start. */
  addedFor: string
  /** Of the newest revision that the person signed: own hand and paper entry both, when both are there. */
  signOffs: Stored<SignOff>[]
  /** Of older revisions, the newest first: kept as they are, and named beside the others. */
  earlier: Stored<SignOff>[]
  /** By the sign-off's id: the name of who signed or entered it for the person; none for the own hand. */
  actedBy: ReadonlyMap<string, string>
  /** Of these: which one counts, and whether that is still to be settled. */
  standing: Standing
}

export interface Sheet {
  rows: SheetRow[]
  coverage: Coverage
  /** Twelve hex digits in three groups: the same for the same revisions, list, changes, sign-offs and settlements. */
  code: string
}

/** @param facts only what the endpoint has accepted: what lies on one phone is on nobody's file */
export function sheetOf(facts: SheetFacts): Sheet {
  const coverage = coverageOf(facts.circulation, facts.changes, facts.signOffs)
  const names = new Map(coverage.lines.map(({ personId, name }) => [personId, name]))
  for (const { fields: f } of facts.changes)
    if (f.substituteId != null && !names.has(f.substituteId))
      names.set(f.substituteId, f.substituteName ?? '')
  const reasons = new Map(facts.changes.map(({ id, fields }) => [id, fields.reason]))
  const rows = coverage.lines.map(({ personId, name, state, reason, addedBy, signOffs }) => {
    const shown = signOffs.filter((s) => s.fields.revision === signOffs[0]?.fields.revision)
    const earlier = signOffs.filter((s) => !shown.includes(s))
    const others = shown.filter(({ fields }) => fields.signedBy !== personId)
    return {
      personId,
      name,
      state,
      reason,
      addedFor: addedBy === null ? '' : (reasons.get(addedBy) ?? ''),
      signOffs: shown,
      earlier,
      actedBy: new Map(others.map(({ id, fields }) => [id, names.get(fields.signedBy) ?? ''])),
      standing: standingOf(shown, facts.settlements ?? []),
    }
  })
  return { rows, coverage, code: codeOf(facts) }
}

function codeOf({ circulation, changes, signOffs, settlements = [] }: SheetFacts): string {
  const byId = <Fields>(facts: readonly Stored<Fields>[], id: (fields: Fields) => string) =>
    facts
      .filter((fact) => id(fact.fields) === circulation.id)
      .map((fact) => [fact.id, sha256Hex(canonicalJson(fact.fields))])
      .sort(([a], [b]) => (a! < b! ? -1 : 1))
  const { unitId, documentId, revisions, recipients } = circulation.fields
  const said = canonicalJson({
    purpose: 'window-hall/circulation-sheet',
    circulation: circulation.id,
    unit: unitId,
    document: documentId,
    revisions: revisions.map((r) => [r.revision, signedSha256(r)]),
    recipients: recipients.map((r) => [r.personId, r.name]),
    changes: byId(changes, (f) => f.circulationId),
    signOffs: byId(signOffs, (f) => f.circulationId),
    // None: the code is what it was before there were any.
    ...(settlements.length === 0 ? {} : { settlements: byId(settlements, (f) => f.circulationId) }),
  })
  return sha256Hex(said)
    .slice(0, 12)
    .replace(/(.{4})(?=.)/gu, '$1 ')
}
