/**
 * The engine before its code is here: the first screen is drawn from the phone, and sync comes after it.
 *
 * Guaranteed: nothing that was asked of it meanwhile is lost; when its code cannot be had now, it is asked for again when the
 * network is back or somebody looks; a `stop` in between ends it before it began.
 */
import type { Surroundings } from '../line/surroundings.ts'
import type { PhoneEngine, StartEngine } from '../phone-engine.ts'

export interface LateEngineReach {
  load(): Promise<StartEngine>
  /** Resolves when the engine may come. */
  ready(): Promise<void>
  around: Pick<Surroundings, 'isVisible' | 'on'>
}

export const createLateEngine =
  ({ load, ready, around }: LateEngineReach): StartEngine =>
  (parts) => {
    let engine: PhoneEngine | undefined
    let isStopped = false
    let deviceId: string | undefined
    let stopTrying: () => void = () => undefined
    let come: () => void = () => undefined
    const isHere = new Promise<void>((resolve) => (come = resolve))

    async function begin(): Promise<void> {
      const startEngine = await load()
      if (isStopped || engine !== undefined) return
      stopTrying()
      engine = startEngine({ ...parts, deviceId: deviceId ?? parts.deviceId })
      engine.start()
      come()
    }

    function start(): void {
      const begun = (): void => void begin().catch(() => undefined)
      const stops = (['online', 'visibility'] as const).map((event) => around.on(event, begun))
      stopTrying = () => stops.forEach((stop) => stop())
      void ready().then(begun)
    }

    return {
      phase: () => engine?.phase() ?? 'idle',
      start,
      // Its first round asks for everything.
      wake: (reason) => engine?.wake(reason),
      signedIn(named) {
        deviceId = named ?? deviceId
        engine?.signedIn(deviceId)
      },
      async syncNow() {
        await isHere
        await engine?.syncNow()
      },
      writing: (work) => (engine === undefined ? work() : engine.writing(work)),
      async stop() {
        isStopped = true
        stopTrying()
        come()
        await engine?.stop()
      },
    }
  }
