/** Web Locks in memory: exclusive, first come first served, with `signal` and `ifAvailable`. A frozen holder never lets go. */
export function createFakeLocks(): LockManager {
  const queues = new Map<string, Promise<unknown>>()
  const held = new Set<string>()

  async function request(
    name: string,
    options: LockOptions,
    run: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    if (options.ifAvailable === true && held.has(name)) return await run(null)
    const before = queues.get(name) ?? Promise.resolve()
    let release: () => void = () => undefined
    const mine = new Promise<void>((resolve) => (release = resolve))
    queues.set(
      name,
      before.then(() => mine),
    )
    const aborted = new Promise<never>((_, reject) => {
      options.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
    try {
      await Promise.race([before, aborted])
    } catch (error) {
      release()
      throw error
    }
    held.add(name)
    try {
      return await run({ name, mode: 'exclusive' })
    } finally {
      held.delete(name)
      release()
    }
  }
  return {
    request: (name: string, ...rest: [LockOptions, LockGrantedCallback<unknown>]) => request(name, ...rest),
    query: () => Promise.resolve({}),
  } as unknown as LockManager
}
