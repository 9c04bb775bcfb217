import type { LocationQuery } from 'vue-router'

/** Where one wanted to go. Only a path of this app: an address from outside never leads away from it. */
export function returnPath(query: LocationQuery): string {
  const wanted = query['return']
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || /^\/[/\\]/.test(wanted)) return '/today'
  return wanted
}
