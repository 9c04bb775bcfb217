/** The lines of one sitting as the screen needs them: in the chosen order, searched, folded, with figures. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { presentElsewhere } from '../../../../../shared/meetings/attendance/came-elsewhere.ts'
import { quorumOf } from '../../../../../shared/meetings/quorum.ts'
import { rollLines, type RollLine } from '../../../../../shared/meetings/roll.ts'
import { rollFigures } from '../../../../../shared/meetings/roll-figures.ts'
import { rosterInitials, sortRoster } from '../../../../../shared/org/order/roster-order.ts'
import type { RosterFacts } from '../../../../../shared/org/shifts/shifts.ts'
import type { MeetingRoll } from '../../model/read-meetings.ts'
import { useRosterOrder } from '../../model/roster/use-roster-order.ts'
import { foldInWords, unmarkedInWords } from './away.ts'
import { keepSame } from './keep-same.ts'
import { usePlaces } from './use-places.ts'

/** The row that opens and closes those who cannot come by the shift roster; they stand under it. */
export const FOLD = 'fold'

export function useRollLines(
  roll: ComputedRef<MeetingRoll | null>,
  sittingId: string,
  shifts: Readonly<Ref<readonly RosterFacts[] | undefined>>,
) {
  const order = useRosterOrder()
  const search = ref('')
  const isUnfolded = ref(false)
  const marks = computed(() => (roll.value?.marks ?? []).filter((m) => m.fields.sittingId === sittingId))
  const { places, sortAgain } = usePlaces({ roll, sittingId, shifts, order })
  const linesById = computed<ReadonlyMap<string, RollLine>>((before) =>
    keepSame(before, rollLines(places.value.people, marks.value, sittingId)),
  )
  const lines = computed(() =>
    places.value.people.flatMap(({ personId }) => linesById.value.get(personId) ?? []),
  )
  /** Who is on the roster now, folded or not: the figures are theirs. */
  const counted = computed(() => lines.value.filter(({ personId }) => !places.value.left.has(personId)))
  const isAway = ({ personId }: { personId: string }) => places.value.away.has(personId)
  const shown = computed((): (RollLine | typeof FOLD)[] => {
    const words = search.value.trim()
    if (words !== '') return lines.value.filter((line) => line.name.includes(words))
    const first = lines.value.findIndex(isAway)
    if (first === -1) return lines.value
    const under = lines.value.slice(first)
    return [
      ...lines.value.slice(0, first),
      FOLD,
      ...(isUnfolded.value ? under : under.filter((line) => !isAway(line))),
    ]
  })
  const fold = computed(() => {
    const away = lines.value.flatMap((line) => {
      const words = places.value.away.get(line.personId)
      return words === undefined ? [] : [{ words, line }]
    })
    return { count: away.length, words: foldInWords(away) }
  })
  const figures = computed(() => rollFigures(counted.value))
  const quorum = computed(() => {
    const rule = roll.value?.kind.quorum ?? null
    return rule === null ? null : { rule, answer: quorumOf(rule, figures.value) }
  })
  /** By person the names of the other sittings to which they came. */
  const elsewhere = computed((): ReadonlyMap<string, readonly string[]> => {
    if (roll.value === null) return new Map()
    const { marks: all, roster, meeting } = roll.value
    const { sittings } = meeting.fields
    const found = presentElsewhere(
      all,
      roster,
      sittings.map((s) => s.id),
      sittingId,
    )
    const nameOf = (id: string) => sittings.find((s) => s.id === id)?.name ?? ''
    return new Map([...found].map(([personId, ids]) => [personId, ids.map(nameOf)]))
  })
  const unmarked = computed(() => counted.value.filter((l) => l.state === 'cleared' && !l.contradiction))
  const isThere = ({ personId }: { personId: string }) => elsewhere.value.has(personId)
  /** Expected here, not marked, not contradicted, and not already come to another sitting. */
  const rest = computed(() => unmarked.value.filter((line) => !isThere(line) && !isAway(line)))
  const unmarkedWords = computed(() => {
    const there = unmarked.value.filter(isThere).length
    const away = unmarked.value.length - there - rest.value.length
    return unmarkedInWords({ rest: rest.value.length, there, away })
  })
  const initials = computed(() => {
    const { people } = places.value
    const open = isUnfolded.value ? people : people.filter((person) => !isAway(person))
    return rosterInitials(sortRoster(open, order.value), order.value)
  })

  return {
    order,
    search,
    isUnfolded,
    marks,
    lines,
    places,
    sortAgain,
    shown,
    found: computed(() => shown.value.filter((row) => row !== FOLD).length),
    fold,
    figures,
    quorum,
    elsewhere,
    rest,
    unmarkedWords,
    initials,
    hasIndex: computed(() => lines.value.length > 20 && order.value !== 'hand' && search.value === ''),
    waiting: computed(() => marks.value.filter((m) => m.pending === 1).length),
  }
}
