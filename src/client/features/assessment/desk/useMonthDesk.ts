/** Asks for a month and freezes it. A freeze keeps its id until it is answered, so that asking again is the same act. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { command, newCommandId } from '../../../remote/commands.ts'
import { RemoteProblem } from '../../../remote/call.ts'
import { ask } from '../../../remote/questions.ts'
import { FreezeAnswer, MonthAnswer, type MonthUnit } from './month-desk.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export interface Trouble {
  title: string
  text: string
}

function troubleOf(problem: unknown): Trouble {
  const isOffline = problem instanceof RemoteProblem && problem.code === 'offline'
  const text = sentenceOf(problem, '请再试一次；若仍不行，请告诉系统管理员。')
  return { title: isOffline ? '这一页需要联网' : '没有办成', text }
}

export function useMonthDesk(month: Readonly<Ref<string>>) {
  const units = shallowRef<MonthUnit[]>()
  const outcome = shallowRef<FreezeAnswer>()
  const trouble = shallowRef<Trouble | null>(null)
  const isFreezing = ref(false)
  let asking: AbortController | undefined
  let held: { key: string; id: string } | undefined

  async function load(): Promise<void> {
    asking?.abort()
    const own = (asking = new AbortController())
    trouble.value = null
    try {
      const answer = await ask(`month?month=${month.value}`, { schema: MonthAnswer, signal: own.signal })
      if (asking === own) units.value = answer.units
    } catch (problem) {
      if (asking === own) trouble.value = troubleOf(problem)
    }
  }

  async function freeze(unitIds: string[]): Promise<void> {
    if (isFreezing.value) return
    isFreezing.value = true
    trouble.value = null
    outcome.value = undefined
    const key = `${month.value}:${unitIds.join()}`
    if (held?.key !== key) held = { key, id: newCommandId() }
    try {
      const body = { month: month.value, unitIds }
      outcome.value = await command('freeze-month', body, { id: held.id, schema: FreezeAnswer })
      held = undefined
      await load()
    } catch (problem) {
      trouble.value = troubleOf(problem)
    } finally {
      isFreezing.value = false
    }
  }

  watch(
    month,
    () => {
      units.value = undefined
      outcome.value = undefined
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => asking?.abort())
  return { units, outcome, trouble, isFreezing, load, freeze }
}
