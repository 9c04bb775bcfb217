/**
 * The way back of the browser or the phone, while a sheet is open: it takes the sheet away and nothing else, as it does in every app
 * of the phone. The page stays, with what was marked and can be undone on it.
 */
import { inject } from 'vue'
import { routerKey } from 'vue-router'

/** Of the setup of a component. @returns begins; what it returns ends it */
export function useCloseOnBack(isTop: () => boolean, close: () => void): () => () => void {
  const router = inject(routerKey, undefined)
  return () => {
    let isBack = false
    const stops = [
      router?.options.history.listen((_to, _from, { delta }) => {
        isBack = delta < 0
      }),
      router?.beforeEach(() => {
        const isMeant = isBack && isTop()
        isBack = false
        if (!isMeant) return true
        close()
        return false
      }),
    ]
    return () => stops.forEach((stop) => stop?.())
  }
}
