/**
 * Nudges over all processes of an endpoint. Listeners of this process are told at once; the others by a channel between processes,
 * in few words: what moves in one turn of the loop is said together, cut to the length that the channel takes.
 *
 * Guarantees: a listener hears of a move once, whichever process it happened in; after a time without hearing it is told ANYTHING;
 * nothing here makes a write fail.
 */
import { ANYTHING, createNudges, type Nudges } from './nudges.ts'

/** Words between processes: heard by every process but the one that says them. */
export interface Channel {
  say(text: string): void
  close(): Promise<void>
}

export interface ChannelListener {
  onNotice: (text: string) => void
  /** Words may have been missed. */
  onGap: () => void
  /** What the others are to hear when words of ours were lost. */
  lostWord: string
}

export interface SharedNudges extends Nudges {
  close(): Promise<void>
}

export function createSharedNudges(
  open: (listener: ChannelListener) => Channel,
  maxBytes: number,
): SharedNudges {
  const here = createNudges()
  const unsaid = new Set<string>()
  const channel = open({
    onNotice: (text) => here.moved(text.split(' ').filter((scope) => scope !== '')),
    onGap: () => here.moved([ANYTHING]),
    lostWord: ANYTHING,
  })
  const sayAll = () => {
    const scopes = [...unsaid]
    unsaid.clear()
    for (const text of chunksOf(scopes, maxBytes)) channel.say(text)
  }
  return {
    listen: here.listen,
    moved: (scopes) => {
      here.moved(scopes)
      if (scopes.length === 0) return
      if (unsaid.size === 0) setImmediate(sayAll)
      for (const scope of scopes) unsaid.add(scope)
    },
    close: () => {
      sayAll()
      return channel.close()
    },
  }
}

/** Names with spaces between them, each text within the limit; a name that is too long for any stands as ANYTHING. */
export function chunksOf(scopes: readonly string[], maxBytes: number): string[] {
  const chunks: string[] = []
  let chunk = ''
  for (const scope of scopes) {
    const word = Buffer.byteLength(scope) > maxBytes ? ANYTHING : scope
    const longer = chunk === '' ? word : `${chunk} ${word}`
    if (Buffer.byteLength(longer) <= maxBytes) {
      chunk = longer
      continue
    }
    chunks.push(chunk)
    chunk = word
  }
  if (chunk !== '') chunks.push(chunk)
  return chunks
}
