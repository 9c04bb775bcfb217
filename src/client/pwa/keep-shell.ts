/**
 * Workbox brings what it precaches one by one, which is a round trip for each of some hundred small files; here a few are on
 * their way at any time. What an earlier, broken off installation has kept is not asked for again. Tells the pages how far it is.
 *
 * Guaranteed: the installation is over only when every file is kept; one that cannot be had fails it, and the next start goes on.
 */
import { PrecacheController } from 'workbox-precaching'
import { tellProgress } from '../ui/device/shell-progress.ts'
import type { WaitingEvent } from './worker-scope.ts'

/** Over HTTP/1.1 a browser has six connections to a site anyway; more at once costs an old phone memory. */
const AT_ONCE = 12

/** @returns when all are done. @throws what the first failure threw, and begins none after it */
export async function inLanes<T>(
  items: readonly T[],
  count: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items].reverse()
  const lane = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) {
      try {
        await work(item)
      } catch (error) {
        left.length = 0
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: count }, lane))
}

export class ShellKeeper extends PrecacheController {
  override install(event: WaitingEvent): ReturnType<PrecacheController['install']> {
    const installed = this.keepAll(event)
    event.waitUntil(installed)
    return installed
  }

  private async keepAll(event: WaitingEvent) {
    const entries = [...this.getURLsToCacheKeys()]
    let kept = 0
    await inLanes(entries, AT_ONCE, async ([url, cacheKey]) => {
      // A name with a hash in it is never another file; of one without, the browser's own copy may be an old one.
      const cache: RequestCache = url === cacheKey ? 'default' : 'reload'
      const request = new Request(url, { cache, credentials: 'same-origin' })
      await Promise.all(this.strategy.handleAll({ params: { cacheKey }, request, event }))
      tellProgress({ kept: ++kept, all: entries.length })
    })
    return { updatedURLs: entries.map(([url]) => url), notUpdatedURLs: [] }
  }
}
