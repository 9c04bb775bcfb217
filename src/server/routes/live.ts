/** `GET /api/live`: server-sent nudges "scope X moved" for scopes that the person may read. */
import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { mayRead } from '../auth/access.ts'
import type { AppContext, Parts } from './parts.ts'

const HEARTBEAT_MS = 25_000

export function liveRoute(app: Hono<AppContext>, parts: Parts): void {
  app.get('/api/live', async (c) => {
    const { personId } = c.get('session')
    const actor = await parts.store.read((tx) => parts.actors(tx, personId, parts.now()))
    return streamSSE(c, async (stream) => {
      const waiting = new Set<string>()
      let wake: () => void = () => undefined
      const stop = parts.nudges.listen((scope) => {
        if (!mayRead(actor, scope)) return
        waiting.add(scope)
        wake()
      })
      stream.onAbort(() => {
        stop()
        wake()
      })
      await stream.writeSSE({ event: 'open', data: '' })
      while (!stream.aborted) {
        if (waiting.size === 0) await pause(HEARTBEAT_MS, (resolve) => (wake = resolve))
        if (stream.aborted) break
        const scopes = [...waiting]
        waiting.clear()
        await stream.writeSSE(
          scopes.length === 0 ? { event: 'beat', data: '' } : { event: 'moved', data: scopes.join(' ') },
        )
      }
      stop()
    })
  })
}

/** Resolves after `ms`, or when woken. */
function pause(ms: number, onReady: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    onReady(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
