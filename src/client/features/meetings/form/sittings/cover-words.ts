/** Who can come to which sitting, in sentences. Nothing is said where nobody wrote shifts. */
import { coverOf, type SittingTime } from '../../../../../shared/meetings/sittings/who-can-come.ts'
import { SHIFT_WORDS } from '../../../../../shared/org/shifts/shift-roster.ts'
import type { CoverFacts } from './read-cover.ts'

const FEW = 4
const namesOf = (ids: readonly string[], facts: CoverFacts): string => {
  const names = ids.flatMap((id) => facts.people.find(({ personId }) => personId === id)?.name ?? [])
  return names.length > FEW ? `${names.slice(0, FEW).join('、')}等` : names.join('、')
}

/** @returns one line for each sitting, then who is left; empty without shifts */
export function coverInWords(
  facts: CoverFacts,
  sittings: readonly (SittingTime & { name: string })[],
): string[] {
  const ids = facts.people.map(({ personId }) => personId)
  const cover = coverOf(facts.rosters, ids, sittings)
  if (cover.unknown.length === ids.length) return []
  const resting = new Set(cover.resting)
  const lines = sittings.map(({ id, name }) => {
    const own = cover.bySitting.get(id) ?? []
    const off = own.filter((personId) => resting.has(personId)).length
    const head = sittings.length > 1 ? `${name}：` : ''
    return `${head}按排班 ${own.length} 人赶得上${off > 0 ? `，其中 ${off} 人在休息` : ''}`
  })
  const none = sittings.length > 1 ? '哪一场都赶不上' : '赶不上'
  for (const [kind, people] of cover.missing)
    lines.push(`${SHIFT_WORDS[kind]} ${people.length} 人${none}：${namesOf(people, facts)}`)
  if (cover.onLeave.length > 0)
    lines.push(`请假 ${cover.onLeave.length} 人：${namesOf(cover.onLeave, facts)}`)
  if (cover.unknown.length > 0) lines.push(`还没有排班的 ${cover.unknown.length} 人`)
  return lines
}
