/** Where the tabs stand at the left and the desk's pages have room: as in layout/AppFrame.vue's media queries. */
import { onScopeDispose, readonly, ref, type DeepReadonly, type Ref } from 'vue'

const WIDE = '(min-width: 900px)'

export function useIsWide(): DeepReadonly<Ref<boolean>> {
  const query = matchMedia(WIDE)
  const isWide = ref(query.matches)
  const follow = (): void => {
    isWide.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return readonly(isWide)
}
