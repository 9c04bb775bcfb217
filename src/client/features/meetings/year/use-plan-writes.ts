/**
 * What an officer writes into a year's plan. Promise: it goes into the plan that stood on the screen when it was pressed, and so
 * does what takes it back, however far one has turned since.
 */
import { ref } from 'vue'
import type { ProposedItem } from '../../../../shared/meetings/year/propose.ts'
import { storedItem, yearPlanId } from '../../../../shared/meetings/year/year-plan.ts'
import { usePhone } from '../../../storage/phone.ts'
import { useToast } from '../../../ui/feedback/toast.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'

/** Whose plan, and of which year. */
export interface PlanPlace {
  unitId: string
  year: number
}

const pathsOf = (items: readonly ProposedItem[]) =>
  Object.fromEntries(items.map((item) => [`items/${item.id}`, storedItem(item)]))

export function usePlanWrites() {
  const phone = usePhone()
  const toast = useToast()
  const trouble = ref('')

  async function write(place: PlanPlace, changes: Record<string, unknown>): Promise<void> {
    try {
      await phone.store.edit('year-plan', yearPlanId(place.unitId, place.year), changes, { create: place })
      trouble.value = ''
    } catch (error) {
      trouble.value = sentenceOf(error, '刚才的改动没有存下，请再试一次。')
    }
  }
  async function take(place: PlanPlace, items: readonly ProposedItem[]): Promise<void> {
    await write(place, pathsOf(items))
    if (trouble.value !== '') return
    const back = Object.fromEntries(items.map(({ id }) => [`items/${id}`, null]))
    toast.show(`写进计划 ${items.length} 次`, { label: words.undo, run: () => void write(place, back) })
  }
  return { trouble, write, take }
}
