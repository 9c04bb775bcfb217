/**
 * Workbox brings what it precaches one by one, which is a round trip for each of some hundred small files. Here the scripts and styles
 * come in one text where most are missing, and what is missing then a few at a time. What an earlier, broken off installation has
 * kept is not asked for again. Tells the pages how far it is.
 *
 * Guaranteed: the installation is over only when every file is kept; one that cannot be had fails it, and the next start goes on.
 */
import { PrecacheController } from 'workbox-precaching'
import { tellProgress } from '../../ui/device/shell-progress.ts'
import { PACK_URL, unpack } from './app-pack.ts'
import type { WaitingEvent } from './scope.ts'

/** Over HTTP/1.1 a browser has six connections to a site anyway; more at once costs an old phone memory. */
const AT_ONCE = 12
/** The one text weighs seven tenths of what its files weigh when each is compressed alone. */
const MOST = 0.7

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

/** As the endpoint sends each: its rules (who may run it, what it may ask) are those of all it sends. */
function headersOf(url: string, ofPack: Headers): Headers {
  const headers = new Headers(ofPack)
  for (const own of ['content-length', 'content-encoding', 'cache-control', 'etag', 'last-modified'])
    headers.delete(own)
  headers.set(
    'content-type',
    url.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
  )
  return headers
}

/**
 * Keeps what the pack has of the wanted files, under their addresses.
 * @param wanted whole addresses
 * @throws what the road or the disk throws; what was kept until then stays kept
 */
export async function keepFromPack(
  cache: Pick<Cache, 'put'>,
  wanted: ReadonlySet<string>,
  kept: (address: string) => void,
): Promise<void> {
  const answer = await fetch(PACK_URL, { cache: 'no-store', credentials: 'same-origin' })
  if (!answer.ok || answer.body === null) return
  for await (const { url, bytes } of unpack(answer.body)) {
    const address = new URL(url, location.href).href
    if (!wanted.has(address)) continue
    await cache.put(address, new Response(bytes, { headers: headersOf(url, answer.headers) }))
    kept(address)
  }
}

export class ShellKeeper extends PrecacheController {
  override install(event: WaitingEvent): ReturnType<PrecacheController['install']> {
    const installed = this.keepAll(event)
    event.waitUntil(installed)
    return installed
  }

  private async keepAll(event: WaitingEvent) {
    const entries = [...this.getURLsToCacheKeys()]
    const cache = await caches.open(this.strategy.cacheName)
    const missing = new Set(entries.map(([, cacheKey]) => cacheKey))
    for (const { url } of await cache.keys()) missing.delete(url)
    const kept = (cacheKey: string): void => {
      missing.delete(cacheKey)
      tellProgress({ kept: entries.length - missing.size, all: entries.length })
    }
    // What does not come in one comes one by one.
    if (missing.size > entries.length * MOST) await keepFromPack(cache, missing, kept).catch(() => undefined)
    const left = entries.filter(([, cacheKey]) => missing.has(cacheKey))
    await inLanes(left, AT_ONCE, async ([url, cacheKey]) => {
      // A name with a hash in it is never another file; of one without, the browser's own copy may be an old one.
      const cache: RequestCache = url === cacheKey ? 'default' : 'reload'
      const request = new Request(url, { cache, credentials: 'same-origin' })
      await Promise.all(this.strategy.handleAll({ params: { cacheKey }, request, event }))
      kept(cacheKey)
    })
    return { updatedURLs: entries.map(([url]) => url), notUpdatedURLs: [] }
  }
}
