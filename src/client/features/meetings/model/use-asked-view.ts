/** Of what an officer asks for (a unit, a year): what the phone holds, live, and always said of what was asked when it was read. */
import { computed, type ComputedRef, type Ref } from 'vue'
import type { Actor } from '../../../../shared/org/actor.ts'
import { readActor } from '../../../storage/actor.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'

interface AskedView<Asked, View> {
  /** Undefined until the first answer. */
  view: Readonly<Ref<(View & { asked: Asked }) | undefined>>
  /** What stands there is of what was asked before: nothing can be pressed. */
  isReading: ComputedRef<boolean>
}

export function useAskedView<Asked, View extends object>(
  wanted: ComputedRef<Asked>,
  read: (actor: Actor, asked: Asked) => Promise<View>,
): AskedView<Asked, View> {
  const phone = usePhone()
  const view = useLiveOrLoading(async () => {
    const asked = wanted.value
    const actor = await readActor(phone.db, phone.person.id, phone.now())
    return { ...(await read(actor, asked)), asked }
  }, [wanted])
  const isReading = computed(() => view.value !== undefined && view.value.asked !== wanted.value)
  return { view, isReading }
}
