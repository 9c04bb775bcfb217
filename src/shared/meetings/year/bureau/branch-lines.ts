/**
 * One line for each branch of the bureau's year, its groups counted in, those that are behind first.
 *
 * Guarantee: the four quarters and what is due once a year add up to the whole year, in each line and in all. What is held as
 * needed is never mixed in: nobody owes it, and it makes up for nothing.
 */
import type { BureauYear, KindYear, YearKind, YearUnit } from './bureau-year.ts'

export interface YearSums {
  due: number
  held: number
  overdue: number
}

export interface BranchLine {
  unitId: string
  name: string
  /** Of all kinds with a cadence. */
  all: YearSums
  /** What is due by the month or by the quarter. */
  quarters: [YearSums, YearSums, YearSums, YearSums]
  /** What is due once a year. */
  yearly: YearSums
  /** How many were held of kinds without a cadence. */
  asNeeded: number
  /** The branch first, then its groups. */
  units: YearUnit[]
}

const none = (): YearSums => ({ due: 0, held: 0, overdue: 0 })

/** In which quarter a period lies, from 0; undefined for what is due once a year. */
const quarterOf = ({ cadence }: YearKind, at: number): number | undefined => {
  if (cadence?.per === 'month') return Math.floor(at / 3)
  return cadence?.per === 'quarter' ? at : undefined
}

function add(sums: YearSums, { due, held, overdue }: YearSums): void {
  sums.due += due
  sums.held += held
  sums.overdue += overdue
}

function addKind(line: BranchLine, kind: YearKind, figures: KindYear): void {
  if (kind.cadence === null) {
    line.asNeeded += figures.held
    return
  }
  add(line.all, figures)
  for (const [at, [due, held, overdue]] of figures.periods.entries())
    add(line.quarters[quarterOf(kind, at) ?? -1] ?? line.yearly, { due, held, overdue })
}

/** @param kindId of this kind alone; '' for all. A branch that never holds it has no line. */
export function branchLines(
  { units, kinds }: Pick<BureauYear, 'units' | 'kinds'>,
  kindId = '',
): BranchLine[] {
  const kindOf = new Map(kinds.map((kind) => [kind.id, kind]))
  const lines = new Map<string, BranchLine>()
  for (const unit of units) {
    const wanted = unit.kinds.filter((k) => kindId === '' || k.kindId === kindId)
    const id = unit.branchId ?? unit.unitId
    if (wanted.length === 0 && unit.branchId !== null) continue
    const line: BranchLine = lines.get(id) ?? {
      unitId: id,
      name: unit.name,
      all: none(),
      quarters: [none(), none(), none(), none()],
      yearly: none(),
      asNeeded: 0,
      units: [],
    }
    lines.set(id, line)
    line.units.push(unit)
    for (const figures of wanted) {
      const kind = kindOf.get(figures.kindId)
      if (kind !== undefined) addKind(line, kind, figures)
    }
  }
  // Sorting keeps the bureau's order among those that are equally behind.
  return [...lines.values()]
    .filter((line) => kindId === '' || line.units.some((u) => u.kinds.some((k) => k.kindId === kindId)))
    .sort((a, b) => b.all.overdue - a.all.overdue)
}

export function sumOfLines(lines: readonly BranchLine[]): YearSums & Pick<BranchLine, 'asNeeded'> {
  const sum = { ...none(), asNeeded: 0 }
  for (const { all, asNeeded } of lines) {
    add(sum, all)
    sum.asNeeded += asNeeded
  }
  return sum
}
