/** The person's devices as the endpoint knows them: asked when the page opens, stopped by a command. Never stored. */
import * as v from 'valibot'
import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { callEndpoint, RemoteProblem } from '../../../remote/call.ts'
import { command } from '../../../remote/commands.ts'

const Answer = v.object({
  devices: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      createdAt: v.number(),
      revokedAt: v.nullable(v.number()),
      /** Absent from an older endpoint. */
      keyId: v.optional(v.nullable(v.string()), null),
      thisOne: v.boolean(),
    }),
  ),
})
export type Device = v.InferOutput<typeof Answer>['devices'][number]

export interface Devices {
  devices: Readonly<ShallowRef<Device[] | undefined>>
  problem: Readonly<ShallowRef<RemoteProblem | null>>
  load(): Promise<void>
  /** @returns whether it was stopped; else `problem` says why not */
  revoke(deviceId: string): Promise<boolean>
}

export function useDevices(): Devices {
  const devices = shallowRef<Device[]>()
  const problem = shallowRef<RemoteProblem | null>(null)
  const leaving = new AbortController()

  async function asked(work: () => Promise<void>): Promise<boolean> {
    problem.value = null
    try {
      await work()
      return true
    } catch (error) {
      if (leaving.signal.aborted) return false
      if (!(error instanceof RemoteProblem)) throw error
      problem.value = error
      return false
    }
  }
  const read = async (): Promise<void> => {
    const answer = await callEndpoint('/api/session/devices', { method: 'GET' }, Answer, {
      signal: leaving.signal,
    })
    devices.value = answer.devices.sort(
      (a, b) => Number(b.thisOne) - Number(a.thisOne) || b.createdAt - a.createdAt,
    )
  }
  const load = async (): Promise<void> => void (await asked(read))

  onMounted(load)
  onScopeDispose(() => leaving.abort())
  return {
    devices,
    problem,
    load,
    revoke: (deviceId) =>
      asked(async () => {
        await command('revoke-device', { deviceId })
        await read()
      }),
  }
}
