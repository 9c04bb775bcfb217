/** Two pages under one path: the router neither tells a screen reader of the change nor goes to the top. */
import { nextTick, watch, type Ref } from 'vue'
import { followHeading } from './page-focus.ts'

/** @param inner what the address names; '' for the page that lists them, which is found again where it was left */
export function useInnerPage(inner: Readonly<Ref<string>>): void {
  watch(inner, async (id) => {
    await nextTick()
    if (id !== '') window.scrollTo({ top: 0 })
    followHeading(null)
  })
}
