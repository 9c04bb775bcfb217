/** Where each document is, branch by branch: who has signed and who hasn't, the oldest waiting. */
import type { Circulation } from '../../shared/circulation/circulation.ts'
import { currentRevision } from '../../shared/circulation/revisions.ts'
import { coverageOf, type Coverage } from '../../shared/circulation/coverage.ts'
import type { RecipientChange } from '../../shared/circulation/recipient-change.ts'
import type { SignOff } from '../../shared/circulation/sign-off.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { mustBeOffice, parsed, type Parsed, type Question } from './question.ts'

interface Counted {
  circulation: Parsed<Circulation>
  coverage: Coverage
}

const sum = (items: readonly Counted[], pick: (coverage: Coverage) => number) =>
  items.reduce((total, item) => total + pick(item.coverage), 0)

export const circulationsQuestion: Question = async ({ tx, actor }) => {
  mustBeOffice(actor)
  const units = new Map(parsed<Unit>(await tx.records({ types: ['unit'] })).map((u) => [u.id, u.fields.name]))
  const circulations = parsed<Circulation>(await tx.records({ types: ['circulation'] }))
  const changes = Map.groupBy(
    parsed<RecipientChange>(await tx.records({ types: ['recipient-change'] })),
    (x) => x.fields.circulationId,
  )
  const signOffs = Map.groupBy(
    parsed<SignOff>(await tx.records({ types: ['sign-off'] })),
    (s) => s.fields.circulationId,
  )
  const counted = circulations.map((circulation) => ({
    circulation,
    coverage: coverageOf(circulation, changes.get(circulation.id) ?? [], signOffs.get(circulation.id) ?? []),
  }))
  const byDocument = Map.groupBy(counted, (x) => x.circulation.fields.documentId)
  const documents = [...byDocument].map(([documentId, items]) => {
    const newest = items.reduce((a, b) =>
      b.circulation.fields.dispatchedAt > a.circulation.fields.dispatchedAt ? b : a,
    )
    const f = newest.circulation.fields
    return {
      documentId,
      documentNo: f.documentNo,
      title: f.title,
      deadline: f.deadline,
      revision: currentRevision(f).revision,
      dispatchedAt: f.dispatchedAt,
      toSign: sum(items, (c) => c.toSign),
      signed: sum(items, (c) => c.signed),
      outdated: sum(items, (c) => c.outdated),
      excused: sum(items, (c) => c.excused),
      waiting: sum(items, (c) => c.waiting),
      branches: items.map((item) => branchLine(item, units)),
    }
  })
  return { documents: documents.sort((a, b) => b.dispatchedAt - a.dispatchedAt) }
}

function branchLine({ circulation, coverage }: Counted, units: ReadonlyMap<string, string>) {
  const open = coverage.waiting + coverage.outdated
  return {
    unitId: circulation.fields.unitId,
    name: units.get(circulation.fields.unitId) ?? '',
    circulationId: circulation.id,
    state: circulation.fields.state ?? 'open',
    toSign: coverage.toSign,
    signed: coverage.signed,
    outdated: coverage.outdated,
    excused: coverage.excused,
    waiting: coverage.waiting,
    oldestWaitingAt: open > 0 ? circulation.fields.dispatchedAt : null,
  }
}
