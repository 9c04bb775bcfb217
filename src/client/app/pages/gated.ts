/** Routes that name their users, behind the gate that tells others whose page it is. */
import { defineComponent, h, type Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

type Loaded = { default: Component }

/** The same route; where it names its users, its page stands behind the gate. */
export function gated(route: RouteRecordRaw): RouteRecordRaw {
  const only = route.meta?.only
  if (only === undefined) return route
  const load = route.component as unknown as () => Promise<Loaded>
  const component = async () => {
    const [page, gate] = await Promise.all([load(), import('./RoleGate.vue')])
    return defineComponent({
      inheritAttrs: false,
      setup:
        (_, { attrs }) =>
        () =>
          h(gate.default, { only }, () => h(page.default, attrs)),
    })
  }
  return { ...route, component } as RouteRecordRaw
}
