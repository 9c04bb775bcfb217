/** Asked while the sign-in page stands there, and never waited for: is this an example, does it still have to be set up. */
import { useOnline } from '@vueuse/core'
import * as v from 'valibot'
import { onMounted, ref, type Ref } from 'vue'
import { callEndpoint, RemoteProblem } from '../../remote/call.ts'

const About = v.object({ demo: v.boolean() })
const SetUp = v.object({ needed: v.boolean() })

export function useEndpointState(): {
  isDemo: Ref<boolean>
  needsSetUp: Ref<boolean>
  isOnline: Readonly<Ref<boolean>>
} {
  const isDemo = ref(false)
  const needsSetUp = ref(false)
  const isOnline = useOnline()
  onMounted(async () => {
    try {
      const [about, setUp] = await Promise.all([
        callEndpoint('/api/about', { method: 'GET' }, About),
        callEndpoint('/api/setup', { method: 'GET' }, SetUp),
      ])
      isDemo.value = about.demo
      needsSetUp.value = setUp.needed
    } catch (problem) {
      // Without an answer the page is what it is: signing in will say what is wrong.
      if (!(problem instanceof RemoteProblem)) throw problem
    }
  })
  return { isDemo, needsSetUp, isOnline }
}
