/** How large one file may be: a setting of the endpoint. What was heard last is kept, so that a form can say it offline too. */
import * as v from 'valibot'
import { onMounted, ref, type Ref } from 'vue'
import { callEndpoint, RemoteProblem } from './call.ts'

const USUAL_BYTES = 50 * 1024 * 1024
const Limit = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const About = v.object({ maxFileBytes: v.optional(Limit, USUAL_BYTES) })

/** Where the phone keeps what was heard last. */
export interface KeptLimit {
  read(): Promise<unknown>
  write(bytes: number): Promise<unknown>
}

/** In bytes. */
export function useFileLimit(kept: KeptLimit): Readonly<Ref<number>> {
  const limitBytes = ref(USUAL_BYTES)
  onMounted(async () => {
    const held = v.safeParse(Limit, await kept.read())
    if (held.success) limitBytes.value = held.output
    try {
      limitBytes.value = (await callEndpoint('/api/about', { method: 'GET' }, About)).maxFileBytes
      await kept.write(limitBytes.value)
    } catch (problem) {
      // Offline: what was heard last stands, and the endpoint has the last word.
      if (!(problem instanceof RemoteProblem)) throw problem
    }
  })
  return limitBytes
}
