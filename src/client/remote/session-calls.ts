/** What the session asks of the endpoint: `/api/session`. */
import * as v from 'valibot'
import { ERRORS } from '../../shared/sync/protocol/errors.ts'
import { SessionAnswer, type SessionRequest } from '../../shared/sync/protocol/session.ts'
import { callEndpoint, offlineProblem, RemoteProblem } from './call.ts'
import type { DeviceCandidate, SessionParts, SignInAnswer } from './session-reach.ts'

const PATH = '/api/session'
const SignedOut = v.object({ signedOut: v.literal(true) })

/** @throws RemoteProblem */
export const readSession = (send: typeof fetch): Promise<SessionAnswer> =>
  callEndpoint(PATH, { method: 'GET' }, SessionAnswer, { fetch: send })

/** @throws RemoteProblem */
export async function endSession(send: typeof fetch): Promise<void> {
  await callEndpoint(PATH, { method: 'DELETE' }, SignedOut, { fetch: send })
}

/** The endpoint itself says that there is no such session (any more). */
export const saysNoSession = (problem: RemoteProblem): boolean =>
  problem.code !== 'offline' && ERRORS[problem.code].status === 401

/** The endpoint is busy, or what answered was not the endpoint. */
const untoldToProblem = (problem: RemoteProblem | 'unreached'): RemoteProblem =>
  problem !== 'unreached' && problem.code !== 'offline' && ERRORS[problem.code].action === 'retry'
    ? problem
    : offlineProblem(problem)

interface SignIn {
  parts: Pick<SessionParts, 'fetch' | 'deviceFor' | 'deviceName'>
  request: SessionRequest
  /** Why the endpoint has not heard of the last sign-out; null: it has. */
  untold: RemoteProblem | 'unreached' | null
  /** Of the staff number, if this profile knows it. */
  personId: string | null
  accept(answer: SessionAnswer): void
}

async function beginSession({ parts, request }: SignIn, device: DeviceCandidate): Promise<SessionAnswer> {
  const { deviceId, publicKey } = device
  const deviceName = await parts.deviceName?.()
  const about = { ...request, ...(publicKey === undefined ? {} : { publicKey }), deviceName }
  const post = (body: object): Promise<SessionAnswer> =>
    callEndpoint(PATH, { method: 'POST', body }, SessionAnswer, { fetch: parts.fetch })
  try {
    return await post({ ...about, deviceId })
  } catch (error) {
    // The id belongs to somebody else: sign in as a device that the endpoint does not know yet.
    const taken = error instanceof RemoteProblem && error.code === 'wrong-person' && deviceId !== undefined
    if (!taken) throw error
    return await post(about)
  }
}

/** By password or by activation code. What is refused comes back as a value. */
export async function signIn(asked: SignIn): Promise<SignInAnswer> {
  if (asked.untold !== null) return { type: 'refused', problem: untoldToProblem(asked.untold) }
  try {
    const device = await asked.parts.deviceFor(asked.personId)
    const answer = await beginSession(asked, device)
    const { person, deviceId, keyId } = answer
    await device.adopt({ personId: person.id, deviceId, keyId })
    asked.accept(answer)
    return { type: 'signed-in' }
  } catch (error) {
    if (error instanceof RemoteProblem) return { type: 'refused', problem: error }
    throw error
  }
}
