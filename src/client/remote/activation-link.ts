/**
 * The link in the picture on an activation card: a camera opens 激活账号 with number and code filled in.
 *
 * Guaranteed: both stand behind `#`, which no browser sends, so no log of a server or proxy has them. What stands there is a text
 * to fill in, of a bounded length, and nothing more.
 */
const PATH = '/activate'
const STAFF_NO = 'n'
const CODE = 'c'
const MOST_CHARACTERS = 64

export interface ActivationParts {
  staffNo: string
  code: string
}

/** @param origin such as https://hall.example */
export const activationLink = (origin: string, { staffNo, code }: ActivationParts): string =>
  `${origin}${PATH}#${new URLSearchParams({ [STAFF_NO]: staffNo, [CODE]: code }).toString()}`

/** @param hash of an address, with its # or empty. Undefined: there are not both. */
export function activationOf(hash: string): ActivationParts | undefined {
  const given = new URLSearchParams(hash.replace(/^#/u, ''))
  const [staffNo, code] = [STAFF_NO, CODE].map((key) => given.get(key)?.trim() ?? '')
  if (!staffNo || !code || staffNo.length > MOST_CHARACTERS || code.length > MOST_CHARACTERS) return undefined
  return { staffNo, code }
}
