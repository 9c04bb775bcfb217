/**
 * Who is signed in on this browser profile.
 *
 * Promises:
 * - the app opens offline for the person who signed in last, until that person signs out;
 * - signing out hides everything at once, with or without network; the endpoint is told at the next contact, before
 *   anything else;
 * - an answer counts as the endpoint's own only by its body: behind a captive portal or an overloaded server it is not told;
 * - signing out in one tab hides the others at once, and none of them brings the session back;
 * - what waits in a person's queue stays in that person's database and is sent only after that person signs in again;
 * - the end of a session at the endpoint (`expired`) changes nothing on the phone.
 */
import { defineStore } from 'pinia'
import { inject, type InjectionKey } from 'vue'
import { createSession, type Session } from './session-state.ts'
import type { SessionParts } from './session-reach.ts'

export type { SignInAnswer } from './session-reach.ts'
export type { SessionPerson, SessionRole, SignOutAnswer } from './session-state.ts'

export const sessionPartsKey: InjectionKey<SessionParts> = Symbol('session-parts')

/** One for the app; main provides its parts under {@link sessionPartsKey} before the first use. */
export const useSession = defineStore('session', (): Session => {
  const parts = inject(sessionPartsKey)
  if (parts === undefined) throw new Error('no session parts are provided')
  return createSession(parts)
})
