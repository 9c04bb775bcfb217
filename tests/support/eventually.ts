import { vi } from 'vitest'

/** Well under the limit of a test, and never what decides: it only ends what hangs, also on a machine that is busy with other things. */
export const LONGEST_WAIT_MS = 15_000

/** Until it throws no more. @throws what it threw last */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: LONGEST_WAIT_MS, interval: 10 })

/** Until it is so. @throws with what is on the page then */
export const untilSo = (isSo: () => boolean | Promise<boolean>): Promise<void> =>
  eventually(async () => {
    if (!(await isSo())) throw new Error(`in vain; on the page: ${document.body.textContent?.slice(0, 400)}`)
  })
