/** The state behind `useSession`, without Pinia, so that a journey can run several phones in one process. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { SessionAnswer, SessionRequest } from '../../shared/sync/protocol/session.ts'
import type { RemoteProblem } from './call.ts'
import type { SessionParts, SignInAnswer } from './session-reach.ts'
import { createRemembered, LOCK_AFTER_MS, type Remembered } from './remembered.ts'

export type SessionPerson = SessionAnswer['person']
export type SessionRole = SessionAnswer['roles'][number]
export type SessionStateName = 'signed-out' | 'signed-in' | 'expired'

/** `told`: whether the endpoint knows. `kept`: how many writes and half-written things stay, hidden, in the person's database. */
export interface SignOutAnswer {
  told: boolean
  kept: number
}

export interface Session {
  person: ShallowRef<SessionPerson | null>
  roles: ShallowRef<readonly SessionRole[]>
  deviceId: Ref<string | null>
  keyId: Ref<string | null>
  state: Ref<SessionStateName>
  /** Unit data is hidden until sign-in: no contact for 30 days. */
  locked: ComputedRef<boolean>
  /** A sign-out that the endpoint has not heard of. */
  signOutPending: Ref<boolean>
  signIn(staffNo: string, password: string): Promise<SignInAnswer>
  activate(staffNo: string, activationCode: string, newPassword: string): Promise<SignInAnswer>
  signOut(): Promise<SignOutAnswer>
  /** Asks the endpoint who is signed in; offline it changes nothing. Call at start and when visible. */
  refresh(): Promise<void>
  /** The sync engine met a 401. */
  markExpired(): void
  /** The sync engine reached the endpoint. */
  noteContact(at: number): void
  /** The sync engine got a new device id. */
  noteDevice(device: { deviceId: string; keyId: string | null }): void
  /** Tells the endpoint of a sign-out that happened offline. @returns false when it still does not know */
  settleSignOut(): Promise<boolean>
}

const isRemoteProblem = (error: unknown): error is RemoteProblem =>
  error instanceof Error && Reflect.get(error, 'type') === 'remote-problem'

/**
 * What asks the endpoint comes apart from the first screen, which asks it nothing.
 * @returns undefined where it cannot be had now: an answer could not be had either
 */
const callsIfHere = () => import('./session-calls.ts').catch(() => undefined)

interface Refs {
  person: ShallowRef<SessionPerson | null>
  roles: ShallowRef<readonly SessionRole[]>
  deviceId: Ref<string | null>
  keyId: Ref<string | null>
  state: Ref<SessionStateName>
  signOutPending: Ref<boolean>
  lastContactAt: Ref<number | null>
}

function createRefs(remembered: Remembered): Refs {
  const current = remembered.current()
  return {
    person: shallowRef(current?.person ?? null),
    roles: shallowRef(current?.roles ?? []),
    deviceId: ref(current?.deviceId ?? null),
    keyId: ref(current?.keyId ?? null),
    state: ref(current === null ? 'signed-out' : current.expired ? 'expired' : 'signed-in'),
    signOutPending: ref(remembered.signOutPending()),
    lastContactAt: ref(current?.lastContactAt ?? null),
  }
}

export function createSession(parts: SessionParts): Session {
  const remembered = createRemembered(parts.storage)
  const refs = createRefs(remembered)
  const { person, roles, deviceId, keyId, state, signOutPending, lastContactAt } = refs
  /** The clock as of the last look: a computed value does not notice that time passes. */
  const seenNow = ref(parts.now())

  /** False once another tab has signed out, or somebody else in: nothing of this tab may be written over that. */
  const isRemembered = (): boolean => remembered.current()?.person.id === person.value?.id

  /** Follows a sign-out or another person's sign-in of another tab; that tab's own words stay as they are. */
  function follow(): void {
    signOutPending.value = remembered.signOutPending()
    if (person.value !== null && !isRemembered()) hide()
  }

  function remember(): void {
    follow()
    keep()
  }

  function keep(): void {
    if (person.value === null || deviceId.value === null) return
    remembered.setCurrent({
      person: person.value,
      roles: [...roles.value],
      deviceId: deviceId.value,
      keyId: keyId.value,
      expired: state.value === 'expired',
      lastContactAt: lastContactAt.value ?? parts.now(),
    })
  }

  /** A sign-in, or an answer about the session that this tab still has. */
  function accept(answer: SessionAnswer): void {
    person.value = answer.person
    roles.value = answer.roles
    deviceId.value = answer.deviceId
    keyId.value = answer.keyId
    state.value = 'signed-in'
    lastContactAt.value = parts.now()
    remembered.setPersonId(answer.person.staffNo, answer.person.id)
    keep()
  }

  function hide(): void {
    person.value = null
    roles.value = []
    deviceId.value = null
    keyId.value = null
    state.value = 'signed-out'
    lastContactAt.value = null
  }

  function setSignOutPending(pending: boolean): void {
    signOutPending.value = pending
    remembered.setSignOutPending(pending)
  }

  /** @returns why the endpoint still does not know; null = nothing is left to tell */
  async function tellSignOut(): Promise<RemoteProblem | 'unreached' | null> {
    // Another tab may have told it, or signed in since: this one must not end that session.
    signOutPending.value = remembered.signOutPending()
    if (!signOutPending.value) return null
    const calls = await callsIfHere()
    if (calls === undefined) return 'unreached'
    try {
      await calls.endSession(parts.fetch)
    } catch (error) {
      if (!isRemoteProblem(error)) throw error
      if (!calls.saysNoSession(error)) return error
    }
    setSignOutPending(false)
    return null
  }

  let telling: ReturnType<typeof tellSignOut> | undefined
  /** One request at a time, whoever asks. */
  const toldOf = (): ReturnType<typeof tellSignOut> =>
    (telling ??= tellSignOut().finally(() => (telling = undefined)))
  const settleSignOut = async (): Promise<boolean> => (await toldOf()) === null

  async function enter(request: SessionRequest): Promise<SignInAnswer> {
    const untold = await toldOf()
    const { signIn } = await import('./session-calls.ts')
    return await signIn({
      parts,
      request,
      untold,
      personId: remembered.personIdOf(request.staffNo),
      accept(answer) {
        // A new session replaced the old cookie: there is nothing left to tell.
        setSignOutPending(false)
        accept(answer)
      },
    })
  }

  async function signOut(): Promise<SignOutAnswer> {
    const leaving = person.value
    follow()
    // Another tab was first: what the browser now remembers is not this tab's to end.
    if (person.value !== null) {
      setSignOutPending(true)
      remembered.setCurrent(null)
      hide()
    }
    const told = await settleSignOut()
    if (leaving === null) return { told, kept: 0 }
    const kept = await parts.waitingOf(leaving.id)
    if (kept === 0 && told) await parts.forget(leaving.id)
    return { told, kept }
  }

  async function refresh(): Promise<void> {
    seenNow.value = parts.now()
    follow()
    if (!(await settleSignOut()) || state.value === 'signed-out') return
    const calls = await callsIfHere()
    if (calls === undefined) return
    try {
      const answer = await calls.readSession(parts.fetch)
      follow()
      // Somebody else signed in through another tab: this one must not go on under the wrong name.
      if (answer.person.id === person.value?.id) accept(answer)
      else markExpired()
    } catch (error) {
      if (!isRemoteProblem(error)) throw error
      if (error.code === 'not-signed-in' || error.code === 'device-revoked') markExpired()
    }
  }

  function markExpired(): void {
    if (state.value !== 'signed-in') return
    state.value = 'expired'
    remember()
  }

  parts.onOnline?.(() => void settleSignOut())
  parts.onRemembered?.(follow)
  parts.onVisible?.(() => void refresh())
  return {
    person,
    roles,
    deviceId,
    keyId,
    state,
    signOutPending,
    locked: computed(
      () => lastContactAt.value !== null && seenNow.value - lastContactAt.value > LOCK_AFTER_MS,
    ),
    signIn: (staffNo, password) => enter({ staffNo, password }),
    activate: (staffNo, activationCode, newPassword) => enter({ staffNo, activationCode, newPassword }),
    signOut,
    refresh,
    markExpired,
    noteContact(at) {
      lastContactAt.value = at
      remember()
    },
    noteDevice(device) {
      deviceId.value = device.deviceId
      keyId.value = device.keyId
      remember()
    },
    settleSignOut,
  }
}
