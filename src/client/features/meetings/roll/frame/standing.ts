/** Whether a roll can be taken on this page now, and if not, why: the first reason that holds is the one to be told. */
import { computed, type ComputedRef } from 'vue'
import type { Meeting, Sitting } from '../../../../../shared/meetings/meeting.ts'

/**
 *   loading       the phone has not been asked yet
 *   missing       the meeting is not on this phone
 *   dropped       the meeting has no such sitting any more: somebody took it out
 *   in-messenger  a browser that may not keep what is written
 *   cancelled     the meeting does not take place
 *   not-yours     the roll is another's to take
 *   open
 */
export type RollStanding =
  'loading' | 'missing' | 'dropped' | 'in-messenger' | 'cancelled' | 'not-yours' | 'open'

/** What a page of the roll has read; null or without a roll: not on this phone. */
export interface RollRead {
  roll: { meeting: { fields: Meeting } } | null
  mayTake: boolean
}

/** WeChat's and WeCom's own browsers: storage there can vanish with the chat, so a roll is never taken in them. */
const isInMessenger = (agent: string): boolean => /MicroMessenger|wxwork/i.test(agent)

/** @param sittingId null: of the meeting, whichever of its sittings */
export function useRollStanding(read: () => RollRead | null | undefined, sittingId: string | null) {
  const inMessenger = isInMessenger(navigator.userAgent)
  const meeting = computed(() => read()?.roll?.meeting.fields)
  const sitting: ComputedRef<Sitting | undefined> = computed(() =>
    meeting.value?.sittings.find(({ id }) => sittingId === null || id === sittingId),
  )
  const standing = computed((): RollStanding => {
    if (read() === undefined) return 'loading'
    if (meeting.value === undefined) return 'missing'
    if (sitting.value === undefined) return 'dropped'
    if (inMessenger) return 'in-messenger'
    if (meeting.value?.state === 'cancelled') return 'cancelled'
    return read()?.mayTake === true ? 'open' : 'not-yours'
  })
  return { meeting, sitting, standing }
}
