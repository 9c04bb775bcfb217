/**
 * Writing a roster. Each act is one write of the days that change, on the phone at once, and can be taken back: by writing
 * what stood before, so that what another officer wrote meanwhile on other days stays.
 */
import { ref, type Ref } from 'vue'
import { shiftRosterId, type WorkingShift } from '../../../../shared/org/shifts/shift-roster.ts'
import { usePhone } from '../../../storage/phone.ts'
import { useToast } from '../../../ui/feedback/toast.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'
import { onlyChanged, type ShiftChanges } from './fill.ts'
import type { ShiftsView } from './read-shifts.ts'

/** A press on one day is seen at once; more than this is said, with the way back. */
const FEW_DAYS = 1

export function useShiftWrites(view: Readonly<Ref<ShiftsView | undefined>>, month: Readonly<Ref<string>>) {
  const phone = usePhone()
  const toast = useToast()
  const trouble = ref('')

  async function write(changes: Record<string, unknown>): Promise<boolean> {
    const unitId = view.value?.unit?.id
    if (unitId === undefined) return false
    try {
      const create = { unitId, month: month.value }
      await phone.store.edit('shift-roster', shiftRosterId(unitId, month.value), changes, { create })
      trouble.value = ''
      return true
    } catch (error) {
      trouble.value = sentenceOf(error, '刚才的改动没有存下，请再试一次。')
      return false
    }
  }

  /** @param what as it is said afterwards: 接着上月排好 @returns how many days changed */
  async function paint(asked: ShiftChanges, what = '已排'): Promise<number> {
    const { changes, before } = onlyChanged(view.value?.roster, asked)
    const count = Object.keys(changes).length
    if (count === 0 || !(await write(changes))) return 0
    if (count > FEW_DAYS)
      toast.show(`${what} ${count} 天`, { label: words.undo, run: () => void write(before) })
    return count
  }

  const setHours = (hours: Record<WorkingShift, string>): Promise<boolean> =>
    write(Object.fromEntries(Object.entries(hours).map(([kind, text]) => [`hours/${kind}`, text])))

  return { paint, setHours, trouble }
}
