/** A new version waits until the person says so (现在更新): no page changes under a half-written form. */
import type { WorkerScope } from './scope.ts'

export const TAKE_OVER = 'SKIP_WAITING'

export function takeOverWhenAsked(worker: WorkerScope): void {
  worker.addEventListener('message', (event) => {
    const message: unknown = event.data
    if (typeof message === 'object' && message !== null && Reflect.get(message, 'type') === TAKE_OVER)
      void worker.skipWaiting()
  })
}
