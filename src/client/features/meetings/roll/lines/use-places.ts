/**
 * The places of a roll as the page lives: made once the roster and the shifts are known, kept through all news, made anew when
 * the officer asks or chooses another order.
 */
import { computed, shallowRef, watch, type Ref } from 'vue'
import type { RosterFacts } from '../../../../../shared/org/shifts/shifts.ts'
import { sortRoster, type RosterOrder } from '../../../../../shared/org/order/roster-order.ts'
import type { MeetingRoll } from '../../model/read-meetings.ts'
import { awayFrom } from './away.ts'
import { NO_PLACES, placesAfter, type Places, type Sorted } from './roster-places.ts'

export interface PlacesOf {
  roll: Readonly<Ref<MeetingRoll | null>>
  sittingId: string
  /** undefined until the phone was asked. */
  shifts: Readonly<Ref<readonly RosterFacts[] | undefined>>
  order: Readonly<Ref<RosterOrder>>
}

export function usePlaces({ roll, sittingId, shifts, order }: PlacesOf) {
  const places = shallowRef<Places>(NO_PLACES)
  function sorted(): Sorted {
    const people = sortRoster(roll.value?.roster ?? [], order.value)
    const ids = people.map(({ personId }) => personId)
    const sittings = roll.value?.meeting.fields.sittings ?? []
    const found = awayFrom(shifts.value ?? [], ids, sittings, sittingId)
    // Where nobody could come the sitting is held against the roster: nobody stands behind the others then.
    const away = found.size === ids.length ? NO_PLACES.away : found
    const isAway = ({ personId }: { personId: string }) => away.has(personId)
    return { people: [...people.filter((p) => !isAway(p)), ...people.filter(isAway)], away }
  }
  // Looked at when people, times or shifts change, not at each mark.
  const key = computed(() => {
    const { roster = [], meeting } = roll.value ?? {}
    const times = (meeting?.fields.sittings ?? []).map((s) => `${s.id}${s.name}${s.startsAt}`)
    const people = roster.map((p) => `${p.personId}${p.name}${p.handOrder}${p.memberKind}${p.votingRight}`)
    return [...times, ...people].join('|')
  })
  /** Everybody where they belong, who left is gone. */
  const sortAgain = () => (places.value = placesAfter(NO_PLACES, sorted()))
  watch(
    [key, shifts],
    () => {
      if (shifts.value !== undefined) places.value = placesAfter(places.value, sorted())
    },
    { immediate: true },
  )
  watch(order, sortAgain)
  return { places, sortAgain }
}
