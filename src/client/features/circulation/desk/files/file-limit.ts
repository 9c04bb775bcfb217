/** How large one file may be: a setting of the endpoint. What was heard last is kept, so that the form can say it offline too. */
import * as v from 'valibot'
import { onMounted, ref, type Ref } from 'vue'
import { callEndpoint, RemoteProblem } from '../../../../remote/call.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { guarded } from '../../../../storage/trouble.ts'

const USUAL_BYTES = 50 * 1024 * 1024
const KEY = 'max-file-bytes'
const Limit = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const About = v.object({ maxFileBytes: v.optional(Limit, USUAL_BYTES) })

export function useFileLimit(): Readonly<Ref<number>> {
  const { db } = usePhone()
  const limitBytes = ref(USUAL_BYTES)
  onMounted(async () => {
    const held = v.safeParse(Limit, (await guarded(db, () => db.meta.get(KEY)))?.value)
    if (held.success) limitBytes.value = held.output
    try {
      limitBytes.value = (await callEndpoint('/api/about', { method: 'GET' }, About)).maxFileBytes
      await guarded(db, () => db.meta.put({ key: KEY, value: limitBytes.value }))
    } catch (problem) {
      // Offline: what was heard last stands, and the endpoint has the last word.
      if (!(problem instanceof RemoteProblem)) throw problem
    }
  })
  return limitBytes
}
