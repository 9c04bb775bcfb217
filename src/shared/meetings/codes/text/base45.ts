/** Base45 (RFC 9285): bytes in the 45 characters of a QR code's alphanumeric mode, the densest that a text can be. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

const digit = (value: number, at: number): string => DIGITS.charAt(Math.floor(value / 45 ** at) % 45)

export function toBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const [high = 0, low] = bytes.slice(at, at + 2)
    const value = low === undefined ? high : high * 256 + low
    text += digit(value, 0) + digit(value, 1) + (low === undefined ? '' : digit(value, 2))
  }
  return text
}

/** undefined for what is none: one text for one content. */
export function fromBase45(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const digits = Array.from(text.slice(at, at + 3), (letter) => DIGITS.indexOf(letter))
    const value = digits.reduce((sum, each, place) => sum + each * 45 ** place, 0)
    const isPair = digits.length === 3
    if (digits.length === 1 || digits.includes(-1) || value > (isPair ? 0xffff : 0xff)) return undefined
    if (isPair) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}
