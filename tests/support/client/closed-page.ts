/**
 * A browser that closes a page ends its timers. A test's page has Node's, which would go on when `document` is no longer there:
 * what a component still waits for would then fail the run, in the name of no test.
 */
import { afterAll } from 'vitest'

if ('document' in globalThis) {
  const begin = globalThis.setTimeout
  const begun = new Set<NodeJS.Timeout>()
  let isClosed = false

  globalThis.setTimeout = Object.assign((...args: Parameters<typeof begin>) => {
    const timer = begin(...args)
    if (isClosed) clearTimeout(timer)
    else begun.add(timer)
    return timer
  }, begin)

  afterAll(() => {
    isClosed = true
    for (const timer of begun) clearTimeout(timer)
  })
}
