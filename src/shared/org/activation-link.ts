/**
 * The link in the picture on an activation card: a camera opens 激活账号 with number and code filled in.
 *
 * Guaranteed: both stand behind `#`, which no browser sends, so no log of a server or proxy has them.
 */
const PATH = '/activate'
export const STAFF_NO = 'n'
export const CODE = 'c'

export interface ActivationParts {
  staffNo: string
  code: string
}

/** @param origin such as https://hall.example */
export const activationLink = (origin: string, { staffNo, code }: ActivationParts): string =>
  `${origin}${PATH}#${STAFF_NO}=${encodeURIComponent(staffNo)}&${CODE}=${encodeURIComponent(code)}`
