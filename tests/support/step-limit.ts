/**
 * A history that waits for an answer that never comes uses no processor and says nothing, until the whole test times out. Each
 * step therefore has a limit of real time, many times what it takes, and the step that never ended is named; fast-check adds the
 * seed.
 */
const LONGEST_STEP_MS = 30_000

export class NeverEnded extends Error {
  override name = 'NeverEnded'
}

/** @param step what a reader needs to find it again @throws NeverEnded */
export async function ended<T>(step: string, work: Promise<T>, limitMs = LONGEST_STEP_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NeverEnded(`never ended: ${step}`)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Nothing is shrunk after a step that never ended: each smaller history would wait as long again. */
export function withoutShrinkingHangs<Drawn extends unknown[]>(
  play: (...drawn: Drawn) => Promise<void>,
): (...drawn: Drawn) => Promise<void> {
  let hasHung = false
  return async (...drawn) => {
    if (hasHung) return
    try {
      await play(...drawn)
    } catch (error) {
      hasHung = error instanceof NeverEnded
      throw error
    }
  }
}
