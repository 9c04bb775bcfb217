/** Asks for a month and freezes it. A freeze keeps its id until it is answered, so that asking again is the same act. */
import { computed, shallowRef, watch, type Ref } from 'vue'
import { command, newCommandId } from '../../../remote/commands.ts'
import { ask } from '../../../remote/questions.ts'
import { useAct } from '../../../ui/asking/use-act.ts'
import { useAnswer } from '../../../ui/asking/use-answer.ts'
import { FreezeAnswer, MonthAnswer } from './month-desk.ts'

export function useMonthDesk(month: Readonly<Ref<string>>) {
  const asked = useAnswer(
    (signal) => ask(`month?month=${month.value}`, { schema: MonthAnswer, signal }),
    () => month.value,
  )
  const { isRunning: isFreezing, trouble: notFrozen, run } = useAct()
  const outcome = shallowRef<FreezeAnswer>()
  let held: { key: string; id: string } | undefined

  const freeze = (unitIds: string[]): Promise<void> =>
    run(async () => {
      outcome.value = undefined
      const key = `${month.value}:${unitIds.join()}`
      if (held?.key !== key) held = { key, id: newCommandId() }
      const body = { month: month.value, unitIds }
      outcome.value = await command('freeze-month', body, { id: held.id, schema: FreezeAnswer })
      held = undefined
      await asked.askAgain()
    })

  // The figures of another month are no older answer to this one.
  watch(month, () => {
    asked.answer.value = undefined
    asked.trouble.value = null
    notFrozen.value = null
    outcome.value = undefined
  })
  return { asked, units: computed(() => asked.answer.value?.units), outcome, notFrozen, isFreezing, freeze }
}
