/** The lines of one sitting as the screen needs them: in the chosen order, searched, with figures. */
import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import { presentElsewhere } from '../../../../../shared/meetings/attendance.ts'
import { quorumOf } from '../../../../../shared/meetings/quorum.ts'
import { rollFigures, rollLines } from '../../../../../shared/meetings/roll.ts'
import { rosterInitials, sortRoster } from '../../../../../shared/org/order/roster-order.ts'
import type { MeetingRoll } from '../../model/read-meetings.ts'
import { useRosterOrder } from '../../model/use-roster-order.ts'
import { NO_PLACES, placesAfter, type Places } from './roster-places.ts'

export function useRollLines(roll: ComputedRef<MeetingRoll | null>, sittingId: string) {
  const order = useRosterOrder()
  const search = ref('')
  const marks = computed(() => (roll.value?.marks ?? []).filter((m) => m.fields.sittingId === sittingId))
  // Looked at when the roster changes, not at each mark; even then nothing moves under the thumb (roster-places.ts).
  const rosterKey = computed(() =>
    (roll.value?.roster ?? [])
      .map((p) => `${p.personId}${p.name}${p.handOrder}${p.memberKind}${p.votingRight}`)
      .join('|'),
  )
  const places = shallowRef<Places>(NO_PLACES)
  const sorted = () => sortRoster(roll.value?.roster ?? [], order.value)
  /** The officer asks for it: everybody where they belong, who left is gone. */
  const sortAgain = () => (places.value = placesAfter(NO_PLACES, sorted()))
  watch(rosterKey, () => (places.value = placesAfter(places.value, sorted())), { immediate: true })
  watch(order, sortAgain)
  const linesById = computed(
    () => new Map(rollLines(places.value.people, marks.value, sittingId).map((l) => [l.personId, l])),
  )
  const lines = computed(() =>
    places.value.people.flatMap(({ personId }) => linesById.value.get(personId) ?? []),
  )
  /** Who is on the roster now: the figures are theirs. */
  const counted = computed(() => lines.value.filter(({ personId }) => !places.value.left.has(personId)))
  const shown = computed(() => {
    const words = search.value.trim()
    return words === '' ? lines.value : lines.value.filter((line) => line.name.includes(words))
  })
  const figures = computed(() => rollFigures(counted.value))
  const quorum = computed(() => {
    const rule = roll.value?.kind.quorum ?? null
    return rule === null ? null : { rule, answer: quorumOf(rule, figures.value) }
  })
  const elsewhere = computed(() => {
    if (roll.value === null) return new Map<string, string>()
    const { marks: all, roster, meeting } = roll.value
    const { sittings } = meeting.fields
    const found = presentElsewhere(
      all,
      roster,
      sittings.map((s) => s.id),
      sittingId,
    )
    const nameOf = (id: string) => sittings.find((s) => s.id === id)?.name ?? ''
    return new Map([...found].map(([personId, id]) => [personId, nameOf(id)]))
  })
  /** Not marked here, not contradicted, and not already come to another sitting. */
  const rest = computed(() =>
    counted.value.filter(
      (l) => l.state === 'cleared' && !l.contradiction && !elsewhere.value.has(l.personId),
    ),
  )

  return {
    order,
    search,
    marks,
    lines,
    places,
    sortAgain,
    shown,
    figures,
    quorum,
    elsewhere,
    rest,
    initials: computed(() => rosterInitials(lines.value, order.value)),
    waiting: computed(() => marks.value.filter((m) => m.pending === 1).length),
  }
}
