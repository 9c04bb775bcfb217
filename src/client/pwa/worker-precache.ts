/** The whole app but its viewers, kept at installation; every address of the app opens from it without a network. */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

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
  precacheAndRoute(manifest)
  cleanupOutdatedCaches()
  registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [...NOT_PAGES] }))
}
