/** Facts that supersede one another: the order in which they arrived does not matter. Pure. */
export interface HeadCandidate {
  id: string
  supersedes: readonly string[]
}

/** The facts of one subject that nothing supersedes. More than one with different content is a contradiction. */
export function headsOf<Fact extends HeadCandidate>(facts: readonly Fact[]): Fact[] {
  const superseded = new Set(facts.flatMap((fact) => fact.supersedes))
  return facts.filter((fact) => !superseded.has(fact.id))
}
