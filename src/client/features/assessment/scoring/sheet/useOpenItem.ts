/**
 * On a phone a sheet of 35 indicators is a list of rows, and one of them is open. Guaranteed: what was pressed, or the item that
 * follows, stands where the finger is, however much folds up above it. At a desk everything is open.
 */
import { computed, nextTick, ref, watch, type Ref } from 'vue'
import { useIsWide } from '../../../../ui/device/is-wide.ts'

const itemOf = (id: string): HTMLElement | null => document.getElementById(`item-${id}`)

export function useOpenItem(parts: {
  /** In the order of the sheet. */
  ids: Readonly<Ref<readonly string[]>>
  /** Not scored, or without the reason that a deduction needs. */
  unfinished: Readonly<Ref<ReadonlySet<string>>>
  isReadonly: Readonly<Ref<boolean>>
}) {
  const { ids, unfinished, isReadonly } = parts
  const isWide = useIsWide()
  const openId = ref<string | null>(null)
  const firstUnfinished = () => ids.value.find((id) => unfinished.value.has(id)) ?? null
  // The sheet opens at the first thing to do. What is only read stays folded.
  watch(
    () => ids.value.length > 0 && !isReadonly.value,
    (mayScore) => (openId.value = mayScore ? firstUnfinished() : null),
    { immediate: true },
  )

  const following = computed(() => {
    const at = ids.value.indexOf(openId.value ?? '')
    const inOrder = [...ids.value.slice(at + 1), ...ids.value.slice(0, Math.max(0, at))]
    return inOrder.find((id) => unfinished.value.has(id)) ?? null
  })

  /** @param from whose place on the screen the opened one takes */
  async function open(id: string, from = id): Promise<void> {
    const before = itemOf(from)?.getBoundingClientRect().top
    openId.value = id
    await nextTick()
    const item = itemOf(id)
    if (item === null) return
    if (before !== undefined) window.scrollBy?.(0, item.getBoundingClientRect().top - before)
    item.querySelector<HTMLElement>('.title')?.focus({ preventScroll: true })
  }

  return {
    isFolded: (id: string): boolean => !isWide.value && openId.value !== id,
    isWide,
    following,
    open,
    /** To the next one that is not finished; the last one folds up. */
    async goOn(id: string): Promise<void> {
      if (following.value !== null) return open(following.value, id)
      openId.value = null
      await nextTick()
      itemOf(id)?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true })
    },
    async openFirstUnfinished(): Promise<void> {
      openId.value = firstUnfinished() ?? openId.value
      await nextTick()
    },
  }
}
