/** What a vote comes to, by the rule and the roll that stand in it. The same words on screen, in the minutes and on paper. */
import type { VotingRule } from '../meeting-kind.ts'
import { motionPasses, quorumOf, type RuleAnswer } from '../quorum.ts'
import { headsOf } from '../../sync/heads.ts'
import type { Resolution } from './resolution.ts'

/**
 *   carried   the quorum held, and the votes suffice
 *   rejected  the quorum held, and they do not
 *   invalid   too few were there: nothing was decided
 */
export const OUTCOME_WORDS = { carried: '通过', rejected: '未通过', invalid: '表决无效' } as const
export type Outcome = keyof typeof OUTCOME_WORDS

export interface VoteAnswer {
  outcome: Outcome
  /** null: the kind asks for none. */
  quorum: RuleAnswer | null
  passing: RuleAnswer
  /** There with a vote, and in none of the counts. */
  unvoted: number
}

export type Counted = Pick<
  Resolution,
  | 'inFavour'
  | 'against'
  | 'abstained'
  | 'expected'
  | 'present'
  | 'votersExpected'
  | 'votersPresent'
  | 'quorum'
  | 'passing'
>

export function voteAnswer(r: Counted): VoteAnswer {
  const quorum = r.quorum === null ? null : quorumOf(r.quorum, r)
  const passing = motionPasses(r.passing, r, r.inFavour)
  const outcome = quorum?.holds === false ? 'invalid' : passing.holds ? 'carried' : 'rejected'
  return { outcome, quorum, passing, unvoted: r.votersPresent - r.inFavour - r.against - r.abstained }
}

const ofWhom = (rule: VotingRule): string => (rule.base === 'voters' ? '应到会有表决权' : '应到会')
const least = (rule: VotingRule): string =>
  `${rule.comparator === '>' ? '须超过' : '须达到'} ${rule.part[0]}/${rule.part[1]}`

/** 应到会有表决权 18 人，到会 12 人，须达到 1/2，至少 9 人 */
export function quorumInWords(r: Counted): string {
  if (r.quorum === null) return ''
  const { quorum } = voteAnswer(r)
  const here = r.quorum.base === 'voters' ? r.votersPresent : r.present
  return `${ofWhom(r.quorum)} ${quorum!.base} 人，到会 ${here} 人，${least(r.quorum)}，至少 ${quorum!.needed} 人`
}

/** 应到会有表决权 18 人，赞成 10 票，须超过 1/2，至少 10 票，通过 */
export function arithmeticInWords(r: Counted): string {
  const { passing, outcome } = voteAnswer(r)
  const votes = `${ofWhom(r.passing)} ${passing.base} 人，赞成 ${r.inFavour} 票，${least(r.passing)}，至少 ${passing.needed} 票`
  return outcome === 'invalid'
    ? `${quorumInWords(r)}，到会人数不够，表决无效`
    : `${votes}，${OUTCOME_WORDS[outcome]}`
}

/** 赞成 10，反对 1，弃权 0，未投 1（无记名） */
export function votesInWords(r: Counted & { secret: boolean }): string {
  const { unvoted } = voteAnswer(r)
  const counts = `赞成 ${r.inFavour}，反对 ${r.against}，弃权 ${r.abstained}${unvoted > 0 ? `，未投 ${unvoted}` : ''}`
  return r.secret ? `${counts}（无记名）` : counts
}

export interface StoredResolution {
  id: string
  fields: Resolution
  observedAt: number
}

export interface Vote<Row extends StoredResolution = StoredResolution> {
  /** What stands; several where two officers corrected the same vote without knowing of each other. */
  heads: Row[]
  /** What it superseded, the newest first. */
  earlier: Row[]
}

/** The votes of a meeting, in the order in which they were first entered. A pure function of the set. */
export function votesOf<Row extends StoredResolution>(rows: readonly Row[]): Vote<Row>[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const rootOf = (row: Row, seen = new Set<string>()): string => {
    const before = (row.fields.supersedes ?? []).flatMap((id) => byId.get(id) ?? [])
    if (before.length === 0 || seen.has(row.id)) return row.id
    seen.add(row.id)
    return before.map((one) => rootOf(one, seen)).sort()[0]!
  }
  const heads = new Set(
    headsOf(rows.map((row) => ({ ...row, supersedes: row.fields.supersedes ?? [] }))).map(({ id }) => id),
  )
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const root = rootOf(row)
    groups.set(root, [...(groups.get(root) ?? []), row])
  }
  const inOrder = (a: Row, b: Row) => a.observedAt - b.observedAt || (a.id < b.id ? -1 : 1)
  return [...groups]
    .sort(([a], [b]) => inOrder(byId.get(a)!, byId.get(b)!))
    .map(([, group]) => ({
      heads: group.filter(({ id }) => heads.has(id)).sort(inOrder),
      earlier: group
        .filter(({ id }) => !heads.has(id))
        .sort(inOrder)
        .reverse(),
    }))
}

/** Those that count: one head, not withdrawn. */
export const standingVotes = <Row extends StoredResolution>(votes: readonly Vote<Row>[]): Row[] =>
  votes.flatMap(({ heads }) => (heads.length === 1 && !heads[0]!.fields.withdrawn ? heads : []))
