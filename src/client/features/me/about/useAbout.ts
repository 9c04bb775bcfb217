/** What the endpoint says about itself; the last answer is kept, since the filing number is to be seen offline too. */
import * as v from 'valibot'
import { onMounted, shallowRef, type ShallowRef } from 'vue'
import { callEndpoint, RemoteProblem } from '../../../remote/call.ts'
import { usePhone } from '../../../storage/phone.ts'
import { guarded } from '../../../storage/trouble.ts'

const About = v.object({ demo: v.boolean(), filingNumber: v.string() })
export type About = v.InferOutput<typeof About>
const KEY = 'about'

export function useAbout(): Readonly<ShallowRef<About | null>> {
  const { db } = usePhone()
  const about = shallowRef<About | null>(null)
  onMounted(async () => {
    const held = v.safeParse(About, (await guarded(db, () => db.meta.get(KEY)))?.value)
    if (held.success) about.value = held.output
    try {
      about.value = await callEndpoint('/api/about', { method: 'GET' }, About)
      await guarded(db, () => db.meta.put({ key: KEY, value: about.value }))
    } catch (problem) {
      // Offline: what was heard last stands.
      if (!(problem instanceof RemoteProblem)) throw problem
    }
  })
  return about
}
