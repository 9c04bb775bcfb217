/** `/healthz`: the process lives. `/readyz`: the store answers, and the process isn't about to end. `/metrics`: counts of the machinery, never of people. */
import type { Hono } from 'hono'
import { Refusal } from '../problem.ts'
import type { AppContext, Parts } from './parts.ts'

export function healthRoutes(app: Hono<AppContext>, parts: Parts): void {
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    if (parts.stopping.aborted) throw new Refusal('maintenance', { retryAfterSeconds: 5 })
    await parts.store.read((tx) => tx.epoch())
    return c.text('ok')
  })
  app.get('/metrics', (c) => {
    const { heapUsed, rss } = process.memoryUsage()
    const lines = [
      `process_resident_memory_bytes ${rss}`,
      `process_heap_bytes ${heapUsed}`,
      `process_uptime_seconds ${Math.round(process.uptime())}`,
    ]
    return c.text(`${lines.join('\n')}\n`)
  })
}
