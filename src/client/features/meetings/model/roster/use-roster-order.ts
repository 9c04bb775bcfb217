/** The order of rosters, chosen once on this phone. A phone that refuses localStorage keeps it until the page is closed. */
import { ref, watch, type Ref } from 'vue'
import { ROSTER_ORDERS, type RosterOrder } from '../../../../../shared/org/order/roster-order.ts'

const storageKey = 'window-hall.roster-order'

function readKept(): RosterOrder {
  try {
    const kept = localStorage.getItem(storageKey)
    return ROSTER_ORDERS.find((order) => order === kept) ?? 'strokes'
  } catch {
    // Storage refused: the usual order.
    return 'strokes'
  }
}

export function useRosterOrder(): Ref<RosterOrder> {
  const order = ref(readKept())
  watch(order, (chosen) => {
    try {
      localStorage.setItem(storageKey, chosen)
    } catch {
      // Storage refused: the choice holds until the page is closed.
    }
  })
  return order
}
