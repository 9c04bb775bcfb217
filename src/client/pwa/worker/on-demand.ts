/**
 * Viewers (PDF and the like) are large and used by few: kept when first fetched, then served from the phone. Names carry a
 * hash of the content, so what is kept is right for ever; the oldest go when there are many.
 */
import { registerRoute } from 'workbox-routing'
import { ON_DEMAND_CACHE } from '../../ui/device/keep-parts.ts'
import type { WorkerScope } from './scope.ts'

const MOST_KEPT = 60

export const isOnDemandPart = (url: URL, origin: string): boolean =>
  url.origin === origin && url.pathname.startsWith('/assets/')

async function dropOldest(cache: Cache): Promise<void> {
  const kept = await cache.keys()
  const oldest = kept.slice(0, Math.max(0, kept.length - MOST_KEPT))
  await Promise.all(oldest.map((request) => cache.delete(request)))
}

export async function cacheFirst(request: Request, storage: CacheStorage = caches): Promise<Response> {
  const cache = await storage.open(ON_DEMAND_CACHE)
  const kept = await cache.match(request)
  if (kept !== undefined) return kept
  const answer = await fetch(request)
  if (answer.ok && answer.type === 'basic' && answer.status === 200) {
    try {
      await cache.put(request, answer.clone())
      await dropOldest(cache)
    } catch {
      // A full disk: it works from the network this time.
    }
  }
  return answer
}

export function serveOnDemandParts(worker: WorkerScope): void {
  registerRoute(
    ({ url }) => isOnDemandPart(url, worker.location.origin),
    ({ request }) => cacheFirst(request),
  )
}
