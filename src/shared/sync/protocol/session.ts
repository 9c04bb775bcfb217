/** `POST /api/session`: by password, or by activation code with a new password. Answered with a cookie. */
import * as v from 'valibot'
import { Id, Millis } from './primitives.ts'

const StaffNo = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40))
const Password = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
export const MIN_PASSWORD_LENGTH = 8
const NewPassword = v.pipe(v.string(), v.minLength(MIN_PASSWORD_LENGTH), v.maxLength(200))

const Device = {
  deviceId: v.optional(Id),
  /** Raw P-256 point, base64url; absent where the browser has no WebCrypto. */
  publicKey: v.optional(v.pipe(v.string(), v.maxLength(200))),
  deviceName: v.optional(v.pipe(v.string(), v.maxLength(60))),
}

export const SessionRequest = v.union([
  v.object({ staffNo: StaffNo, password: Password, ...Device }),
  v.object({
    staffNo: StaffNo,
    activationCode: v.pipe(v.string(), v.maxLength(40)),
    newPassword: NewPassword,
    ...Device,
  }),
])
export type SessionRequest = v.InferOutput<typeof SessionRequest>

/** `POST /api/session/device`: a new device id for the session, after a fork or a restored store. Answered like a sign-in. */
export const DeviceRequest = v.object({
  /** Whose queue it is: another tab may still hold somebody else's. */
  personId: Id,
  ...Device,
})
export type DeviceRequest = v.InferOutput<typeof DeviceRequest>

export const SessionRole = v.object({ role: v.string(), unitId: Id, title: v.string() })

export const SessionAnswer = v.object({
  person: v.object({ id: Id, staffNo: v.string(), name: v.string() }),
  roles: v.array(SessionRole),
  deviceId: Id,
  /** The record id of this device's public key, with which its signatures are checked. Null without a key. */
  keyId: v.nullable(Id),
  serverTime: Millis,
})
export type SessionAnswer = v.InferOutput<typeof SessionAnswer>
