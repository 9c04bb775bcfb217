/** `GET /api/live`: server-sent nudges "scope X moved" for scopes that the person may read. */
import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { mayRead } from '../auth/access.ts'
import type { AppContext, Parts } from './parts.ts'

const HEARTBEAT_MS = 25_000

export function liveRoute(app: Hono<AppContext>, parts: Parts): void {
  app.get('/api/live', async (c) => {
    const { tokenHash } = c.get('session')
    // Asked anew before each word: a connection stays open for hours, a session or a role may not.
    const actorNow = () =>
      parts.store.read(async (tx) => {
        const session = await tx.session(tokenHash)
        if (session === undefined || session.expiresAt < parts.now()) return undefined
        const device = await tx.device(session.deviceId)
        if (device === undefined || device.revokedAt !== null) return undefined
        return parts.actors(tx, session.personId, parts.now())
      })
    const atStart = await actorNow()
    return streamSSE(c, async (stream) => {
      const waiting = new Set<string>()
      let wake: () => void = () => undefined
      const stop = parts.nudges.listen((scope) => {
        // Most nudges are not for this person: told apart without asking the store.
        if (atStart === undefined || !mayRead(atStart, scope)) return
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
        const moved = [...waiting]
        waiting.clear()
        const actor = await actorNow()
        if (actor === undefined) break
        const scopes = moved.filter((scope) => mayRead(actor, scope))
        if (moved.length > 0 && scopes.length === 0) continue
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
