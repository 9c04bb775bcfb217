/** The whole app but its viewers, kept at installation; every address of the app opens from it without a network. */
import { cleanupOutdatedCaches, PrecacheRoute, type PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { ShellKeeper } from './keep-shell.ts'

/** Addresses that the endpoint answers itself. */
export const NOT_PAGES: readonly RegExp[] = [
  // Records, files, sessions: always asked for anew, never from a cache.
  /^\/api\//,
  // A balancer's questions.
  /^\/(healthz|readyz|metrics)$/,
  // Files with a name of their own; a missing one is missing, not a page.
  /^\/assets\//,
  /\.(?:svg|png|ico|webmanifest|js|txt)$/,
]

export function servePrecache(manifest: (PrecacheEntry | string)[]): void {
  const keeper = new ShellKeeper()
  keeper.precache(manifest)
  registerRoute(new PrecacheRoute(keeper))
  cleanupOutdatedCaches()
  const page = keeper.createHandlerBoundToURL('/index.html')
  registerRoute(new NavigationRoute(page, { denylist: [...NOT_PAGES] }))
}
