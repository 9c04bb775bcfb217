/**
 * The app's scripts and styles in one text, so that a first installation asks once instead of some hundred times: a line that names
 * them with their sizes, then one after the other.
 *
 * Guaranteed: what comes out is byte for byte what went in, wherever the road cuts it; of a text that ends early, whole files alone.
 */
export interface PackedFile {
  /** From the site's root, `/assets/…`: its hash says what is in it. */
  url: string
  bytes: Uint8Array<ArrayBuffer>
}

export const PACK_URL = '/app-pack.txt'

const NEW_LINE = 10

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function pack(files: readonly PackedFile[]): Uint8Array<ArrayBuffer> {
  const list = JSON.stringify(files.map(({ url, bytes }) => [url, bytes.length]))
  return joined([new TextEncoder().encode(`${list}\n`), ...files.map(({ bytes }) => bytes)])
}

/** @throws SyntaxError for what is no pack, and what the stream throws when it breaks off */
export async function* unpack(stream: ReadableStream<Uint8Array>): AsyncGenerator<PackedFile> {
  const reader = stream.getReader()
  let held: Uint8Array = new Uint8Array()
  /** @returns whether it holds in the end, or the stream is over */
  const until = async (holds: () => boolean): Promise<boolean> => {
    while (!holds()) {
      const { value } = await reader.read()
      if (value === undefined) return false
      held = joined([held, value])
    }
    return true
  }
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    const taken = held.slice(0, length)
    held = held.subarray(length)
    return taken
  }
  try {
    await until(() => held.includes(NEW_LINE))
    const line = new TextDecoder().decode(take(held.indexOf(NEW_LINE) + 1))
    for (const [url, length] of JSON.parse(line) as [string, number][]) {
      if (!(await until(() => held.length >= length))) return
      yield { url, bytes: take(length) }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
