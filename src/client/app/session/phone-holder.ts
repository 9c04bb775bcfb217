/**
 * One phone is open at a time: that of the signed-in person.
 *
 *   none ── person ──▶ opening ──▶ open ── person left ──▶ none
 *                         │└──▶ trouble ── try again ──▶ opening
 *                         └──▶ opening, blocked by another window ── that is closed ──▶ open
 *
 * Guaranteed: another person's phone is opened only after the one before has been closed; an opening that was overtaken is
 * closed again; a sign-in of the same person wakes the queue, and opens anew only when the device changed.
 */
import { shallowRef, watch, type InjectionKey, type ShallowRef } from 'vue'
import type { Session } from '../../remote/session-state.ts'
import type { PhonePerson } from '../../storage/phone.ts'
import type { OpenPhone } from '../../sync/phone/open-phone.ts'

export type PhoneState =
  | { type: 'none' }
  | { type: 'opening'; blockedBy?: Error }
  | { type: 'open'; phone: OpenPhone }
  | { type: 'trouble'; problem: unknown }

export interface PhoneHolder {
  state: Readonly<ShallowRef<PhoneState>>
  tryAgain(): void
  /** Another window keeps the database; the opening goes on by itself. */
  noteBlocked(trouble: Error): void
}

export const phoneHolderKey: InjectionKey<PhoneHolder> = Symbol('phone-holder')

/** What of the session the holder follows; a Pinia store fits as it is. */
export interface FollowedSession {
  person: Session['person']['value']
  deviceId: string | null
  keyId: string | null
  state: Session['state']['value']
}

export type Open = (
  person: PhonePerson,
  session: { deviceId: string; keyId: string | null },
) => Promise<OpenPhone>

export function createPhoneHolder(session: FollowedSession, open: Open): PhoneHolder {
  const state = shallowRef<PhoneState>({ type: 'none' })
  let turn = 0
  let closing: Promise<void> = Promise.resolve()

  function closeOpen(): void {
    const { value } = state
    state.value = { type: 'none' }
    if (value.type === 'open') closing = value.phone.close()
  }

  async function begin(): Promise<void> {
    turn += 1
    const mine = turn
    closeOpen()
    // The session sets its parts one after another: read them when it has finished. What it remembers at the start is whole.
    if (mine > 1) await closing
    const { person, deviceId, keyId } = session
    if (mine !== turn || person === null || deviceId === null) return
    state.value = { type: 'opening' }
    try {
      const phone = await open(person, { deviceId, keyId })
      if (mine !== turn) return await phone.close()
      state.value = { type: 'open', phone }
      phone.engine.start()
    } catch (problem) {
      if (mine === turn) state.value = { type: 'trouble', problem }
    }
  }

  watch(
    () => session.person?.id,
    () => void begin(),
    { immediate: true, flush: 'sync' },
  )
  watch(
    () => session.state,
    (now, before) => {
      const { value } = state
      if (now !== 'signed-in' || before !== 'expired' || value.type !== 'open') return
      if (value.phone.deviceId === session.deviceId) value.phone.engine.signedIn()
      else void begin()
    },
    { flush: 'sync' },
  )
  return {
    state,
    tryAgain: () => void begin(),
    noteBlocked(trouble) {
      if (state.value.type === 'opening') state.value = { type: 'opening', blockedBy: trouble }
    },
  }
}
