/** Passwords by argon2id (node:crypto), activation codes and session tokens by SHA-256: those are long and random. */
import { argon2, createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456
const PASSES = 2
const TAG_BYTES = 32

function derive(password: string, nonce: Uint8Array, memory: number, passes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      { message: password.normalize('NFKC'), nonce, parallelism: 1, tagLength: TAG_BYTES, memory, passes },
      (problem, tag) => (problem === null ? resolve(tag) : reject(problem)),
    )
  })
}

/** `argon2id$<KiB>$<passes>$<salt>$<tag>` */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive(password, nonce, MEMORY_KIB, PASSES)
  return ['argon2id', MEMORY_KIB, PASSES, nonce.toString('base64url'), tag.toString('base64url')].join('$')
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [name, memory, passes, salt, tag] = stored.split('$')
  if (name !== 'argon2id' || salt === undefined || tag === undefined) return false
  const expected = Buffer.from(tag, 'base64url')
  const actual = await derive(password, Buffer.from(salt, 'base64url'), Number(memory), Number(passes))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

let dummy: string | undefined
/** Takes as long as a real check, so that an unknown staff number cannot be told by the clock. */
export async function pretendToCheck(password: string): Promise<false> {
  dummy ??= await hashPassword('nobody has this password')
  await passwordMatches(password, dummy)
  return false
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Letters and digits that cannot be mistaken for each other on paper. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** Such as `K7PM-3XQD-9W`: 10 signs, about 49 bits, bound to one staff number, used once, with an expiry. */
export function newActivationCode(): string {
  const signs = Array.from({ length: 10 }, () => CODE_ALPHABET.charAt(randomInt(CODE_ALPHABET.length))).join(
    '',
  )
  return `${signs.slice(0, 4)}-${signs.slice(4, 8)}-${signs.slice(8)}`
}

/** The same code however it was typed: small letters, without dashes, with spaces. */
export function hashActivationCode(staffNo: string, code: string): string {
  return sha256Of(`${staffNo}\n${code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`)
}
