/** May the meeting vote, and does a motion pass? The rules are data (meeting-kind); this is only their arithmetic, in whole numbers. */
import type { VotingRule } from './meeting-kind.ts'
import type { RollFigures } from './roll-figures.ts'

export interface RuleAnswer {
  holds: boolean
  /** People needed at least. */
  needed: number
  /** Of how many. */
  base: number
  /** How many are missing; 0 when it holds. */
  missing: number
}

/** The smallest whole number n with n ≥ base·a/b, or n > base·a/b. */
export function neededOf(rule: Pick<VotingRule, 'comparator' | 'part'>, base: number): number {
  const [numerator, denominator] = rule.part
  const product = base * numerator
  return rule.comparator === '>' ? Math.floor(product / denominator) + 1 : Math.ceil(product / denominator)
}

function answer(rule: VotingRule, base: number, count: number): RuleAnswer {
  const needed = neededOf(rule, base)
  const holds = base > 0 && count >= needed
  return { holds, needed, base, missing: Math.max(0, needed - count) }
}

/** As much of the roll's figures as a rule asks. */
export type Counted = Pick<RollFigures, 'expected' | 'present' | 'votersExpected' | 'votersPresent'>

export function quorumOf(rule: VotingRule, figures: Counted): RuleAnswer {
  return rule.base === 'voters'
    ? answer(rule, figures.votersExpected, figures.votersPresent)
    : answer(rule, figures.expected, figures.present)
}

/** @param inFavour votes for the motion. The base is all who should come, not those present. */
export function motionPasses(rule: VotingRule, figures: Counted, inFavour: number): RuleAnswer {
  return answer(rule, rule.base === 'voters' ? figures.votersExpected : figures.expected, inFavour)
}
