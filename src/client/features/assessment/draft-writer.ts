/**
 * Saves a draft as it is typed, path by path.
 *
 * Promises, to the person who types:
 * - what was typed stands on the screen at once and is never taken back by a slower answer of the database;
 * - it is on the phone's disk `delayMs` after the last key, and at once on `flush` (leaving, hiding, going on);
 * - what the disk or the definition refused stays on the screen, is said, and is tried again with the next save. One refused
 *   path does not hold back the others.
 */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { InvalidFields } from '../../storage/trouble.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'
import { words } from '../../ui/words.ts'

export type DraftValue = string | number | boolean | null
export type DraftValues = Readonly<Record<string, DraftValue>>

export interface DraftWriter {
  /** Typed here and not yet read back from the database. */
  typed: Readonly<ShallowRef<ReadonlyMap<string, DraftValue>>>
  /** Something typed is not on the disk yet. */
  isSaving: ComputedRef<boolean>
  /** Why something typed could not be saved; null while all is well. */
  trouble: Readonly<ShallowRef<string | null>>
  set(values: DraftValues): void
  /** Resolves true when all that was typed is on the disk. */
  flush(): Promise<boolean>
  /** The database's newest state: what stands there no longer has to be remembered here. */
  readBack(read: (path: string) => DraftValue | undefined): void
}

const DELAY_MS = 350
/** After that long the database's value holds even when it is another one: a newer edit came from another phone. */
const TRUST_MS = 3000

export interface DraftWriterParts {
  save(changes: DraftValues): Promise<void>
  delayMs?: number
  now?: () => number
}

export function createDraftWriter(parts: DraftWriterParts): DraftWriter {
  const now = parts.now ?? Date.now
  const typed = shallowRef<ReadonlyMap<string, DraftValue>>(new Map())
  const waiting = shallowRef<ReadonlyMap<string, DraftValue>>(new Map())
  const inFlight = shallowRef(0)
  const trouble = shallowRef<string | null>(null)
  const savedAt = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Promise<void> = Promise.resolve()

  async function saveSome(changes: ReadonlyMap<string, DraftValue>): Promise<void> {
    await parts.save(Object.fromEntries(changes))
    for (const path of changes.keys()) savedAt.set(path, now())
  }

  function putBack(changes: ReadonlyMap<string, DraftValue>, problem: unknown): void {
    waiting.value = new Map([...changes, ...waiting.value])
    trouble.value = sentenceOf(problem, words.notKept)
  }

  async function saveEach(changes: ReadonlyMap<string, DraftValue>): Promise<void> {
    for (const change of changes) {
      const one = new Map([change])
      await saveSome(one).catch((problem: unknown) => putBack(one, problem))
    }
  }

  async function saveWaiting(): Promise<void> {
    const changes = waiting.value
    if (changes.size === 0) return
    waiting.value = new Map()
    trouble.value = null
    inFlight.value += 1
    try {
      await saveSome(changes)
    } catch (problem) {
      if (problem instanceof InvalidFields && changes.size > 1) await saveEach(changes)
      else putBack(changes, problem)
    } finally {
      inFlight.value -= 1
    }
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    last = last.then(saveWaiting)
    await last
    return waiting.value.size === 0
  }

  return {
    typed,
    isSaving: computed(() => inFlight.value > 0 || waiting.value.size > 0),
    trouble,
    set(values) {
      const entries = Object.entries(values)
      typed.value = new Map([...typed.value, ...entries])
      waiting.value = new Map([...waiting.value, ...entries])
      clearTimeout(timer)
      timer = setTimeout(() => void flush(), parts.delayMs ?? DELAY_MS)
    },
    flush,
    readBack(read) {
      const rest = [...typed.value].filter(([path, value]) => {
        if (inFlight.value > 0 || waiting.value.has(path)) return true
        const at = savedAt.get(path)
        return read(path) !== value && (at === undefined || now() - at < TRUST_MS)
      })
      if (rest.length !== typed.value.size) typed.value = new Map(rest)
    },
  }
}
