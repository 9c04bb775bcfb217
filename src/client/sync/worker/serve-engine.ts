/**
 * The worker's side: the engine over a database connection of its own, steered by the page.
 *
 * Guaranteed: it never makes a person's database anew; the page has opened it before. What the page does not hear any more
 * (it was killed, it went elsewhere) ends with it: a step that is cut anywhere can be done again.
 */
import { openPhoneDatabase, type DatabaseOptions } from '../../storage/db.ts'
import { troubleKindOf } from '../../storage/trouble.ts'
import { systemTimers } from '../clock.ts'
import { createTriggers } from '../line/triggers.ts'
import type { Surroundings } from '../line/surroundings.ts'
import { createPhoneEngine, type PhoneEngine } from '../phone/phone-engine.ts'
import type { FromWorker, Line, ToWorker } from './words.ts'

/** What the worker reaches of its own world. */
export interface WorkerReach extends DatabaseOptions {
  fetch: typeof fetch
  locks: LockManager | undefined
  openNudges: Surroundings['openNudges']
}

type Heard = 'visibility' | 'online' | 'offline'

export function serveEngine(line: Line<FromWorker, ToWorker>, reach: WorkerReach): void {
  const { fetch, locks, openNudges, ...databaseOptions } = reach
  const listeners = new Set<{ event: Heard; run: () => void }>()
  let isVisible = true
  let engine: PhoneEngine | undefined
  let close: () => void = () => undefined
  let look: () => Promise<unknown> = () => Promise.resolve()
  let endWriting: () => void = () => undefined

  function begin(personId: string, deviceId: string): void {
    const db = openPhoneDatabase(personId, { ...databaseOptions, hasLived: true })
    close = () => db.closeForGood()
    look = async () => await db.meta.get('deviceId')
    const triggers = createTriggers({
      isVisible: () => isVisible,
      on(event, run) {
        const listener = { event, run }
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      openNudges,
      timers: systemTimers,
      random: Math.random,
    })
    engine = createPhoneEngine({
      db,
      personId,
      deviceId,
      fetch,
      now: () => Date.now(),
      timers: systemTimers,
      triggers,
      ...(locks === undefined ? {} : { locks }),
      news: {
        onPhase: (phase) => line.send({ type: 'phase', phase }),
        onHeld: (held) => line.send({ type: 'held', held }),
        onSignInNeeded: () => line.send({ type: 'sign-in-needed' }),
        onContact: (at) => line.send({ type: 'contact', at }),
        onDevice: (device) => line.send({ type: 'device', device }),
        onTrouble: (trouble) => line.send({ type: 'trouble', kind: troubleKindOf(trouble) }),
      },
    })
    db.whenOver = (over) => {
      line.send({ type: 'over', over })
      void engine?.stop()
    }
    engine.start()
  }

  function hear(event: Heard): void {
    for (const listener of listeners) if (listener.event === event) listener.run()
  }

  /** Only who can still read its database is of use: a connection may hang for ever after a phone has slept. */
  async function answer(): Promise<void> {
    await look().catch(() => undefined)
    line.send({ type: 'here' })
  }

  async function stop(): Promise<void> {
    await engine?.stop()
    close()
    line.send({ type: 'stopped' })
  }

  function write(isWriting: boolean): void {
    endWriting()
    endWriting = () => undefined
    if (isWriting) void engine?.writing(() => new Promise<void>((resolve) => (endWriting = resolve)))
  }

  line.onMessage((message) => {
    switch (message.type) {
      case 'begin':
        isVisible = message.isVisible
        return begin(message.personId, message.deviceId)
      case 'wake':
        return engine?.wake(message.reason)
      case 'signed-in':
        return engine?.signedIn(message.deviceId)
      case 'sync-now':
        return void engine?.syncNow().then(() => line.send({ type: 'synced', ask: message.ask }))
      case 'writing':
        return write(message.isWriting)
      case 'visibility':
        isVisible = message.isVisible
        return hear('visibility')
      case 'online':
      case 'offline':
        return hear(message.type)
      case 'are-you-there':
        return void answer()
      case 'stop':
        return void stop()
    }
  })
}
