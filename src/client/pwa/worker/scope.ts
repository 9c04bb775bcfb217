/** What of a service worker's global scope is used here. The page's types and a worker's don't go into one program. */
export interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

export interface WorkerScope {
  skipWaiting(): Promise<void>
  location: Location
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  addEventListener(type: 'activate', listener: (event: WaitingEvent) => void): void
}
