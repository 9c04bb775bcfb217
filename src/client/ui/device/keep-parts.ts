/**
 * Parts of the app that are kept for a time without a network: fetched into the cache that the service worker serves them
 * from, never parsed or run here. What is there already costs one look.
 */
/** What the service worker and the page both keep parts in. */
export const ON_DEMAND_CACHE = 'wh-on-demand'

const pathOf = (address: string): string => new URL(address, location.href).pathname

async function pathsKept(cache: Cache): Promise<ReadonlySet<string>> {
  return new Set((await cache.keys()).map(({ url }) => pathOf(url)))
}

/** Whether all of them can be had without a network. */
export async function areKept(addresses: readonly string[]): Promise<boolean> {
  if (!('caches' in globalThis)) return false
  const kept = await pathsKept(await caches.open(ON_DEMAND_CACHE))
  return addresses.every((address) => kept.has(pathOf(address)))
}

/** One after another, so that nothing that a person asks for waits behind them. @throws when one cannot be had */
export async function keepParts(addresses: readonly string[]): Promise<void> {
  // Without a cache there is no start without a network either.
  if (!('caches' in globalThis)) return
  const cache = await caches.open(ON_DEMAND_CACHE)
  const kept = await pathsKept(cache)
  for (const address of addresses) {
    if (kept.has(pathOf(address))) continue
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`not to be had: ${address} ${answer.status}`)
    // The worker, once it is in charge, has kept it on the way.
    if (navigator.serviceWorker?.controller) await answer.body?.cancel()
    else await cache.put(address, answer)
  }
}
