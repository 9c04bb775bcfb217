/** A page that always has something to do still gets to what it will need. */
const IDLE_WITHIN_MS = 10_000

export const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has none.
    if (typeof requestIdleCallback === 'undefined') setTimeout(resolve, 200)
    else requestIdleCallback(() => resolve(), { timeout: IDLE_WITHIN_MS })
  })
