/**
 * 传阅单: the circulation sheet that goes on file, as a pure function of the circulation and the facts about it. On paper and
 * in the exported file it bears the same code when it says the same thing.
 */
import { canonicalJson, sha256Hex } from '../sync/canonical.ts'
import type { Circulation } from './circulation.ts'
import { coverageOf, type Coverage, type RecipientState, type Stored } from './coverage.ts'
import type { RecipientChange } from './recipient-change.ts'
import type { SignOff } from './sign-off.ts'

export interface SheetFacts {
  circulation: Stored<Circulation>
  changes: readonly Stored<RecipientChange>[]
  signOffs: readonly Stored<SignOff>[]
}

export interface SheetRow {
  personId: string
  name: string
  state: RecipientState
  /** Why 免签; empty otherwise. */
  reason: string
  /** Of the newest revision that the person signed: own hand and paper entry both, when both are there. */
  signOffs: Stored<SignOff>[]
}

export interface Sheet {
  rows: SheetRow[]
  coverage: Coverage
  /** Twelve hex digits in three groups: the same for the same revisions, list, changes and sign-offs. */
  code: string
}

/** @param facts only what the endpoint has accepted: what lies on one phone is on nobody's file */
export function sheetOf(facts: SheetFacts): Sheet {
  const coverage = coverageOf(facts.circulation, facts.changes, facts.signOffs)
  const rows = coverage.lines.map(({ personId, name, state, reason, signOffs }) => ({
    personId,
    name,
    state,
    reason,
    signOffs: signOffs.filter((s) => s.fields.revision === signOffs[0]?.fields.revision),
  }))
  return { rows, coverage, code: codeOf(facts) }
}

function codeOf({ circulation, changes, signOffs }: SheetFacts): string {
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
    revisions: revisions.map((r) => [r.revision, r.file.sha256]),
    recipients: recipients.map((r) => [r.personId, r.name]),
    changes: byId(changes, (f) => f.circulationId),
    signOffs: byId(signOffs, (f) => f.circulationId),
  })
  return sha256Hex(said)
    .slice(0, 12)
    .replace(/(.{4})(?=.)/gu, '$1 ')
}
