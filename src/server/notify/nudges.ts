/** Tells open connections that a scope moved, and nothing else: what moved, the phone asks by pulling. */
export interface Nudges {
  moved(scopes: readonly string[]): void
  /** @returns how to stop listening */
  listen(listener: (scope: string) => void): () => void
}

/** Instead of a scope: anything may have moved, because for a while nobody could hear. No scope has this name. */
export const ANYTHING = '*'

export function createNudges(): Nudges {
  const listeners = new Set<(scope: string) => void>()
  return {
    moved: (scopes) => {
      for (const scope of scopes) for (const listener of listeners) listener(scope)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
