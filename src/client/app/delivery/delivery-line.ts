/** The one line about delivery, from the figures: a dot's tone and a sentence. Grey for being offline; red for 需处理 only. */
import type { DeliveryPhase, DeliverySummary } from '../../sync/delivery-state.ts'
import { deliveryInWords, type DeliveryState } from '../../ui/words.ts'

export interface DeliveryLine {
  state: DeliveryState
  text: string
}

const PREPARING = '正在准备'
/** Phases in which nothing goes until the person has done this. */
const ACTS: Partial<Record<DeliveryPhase, string>> = { update: '请更新应用', 'sign-in': '请重新登录' }

export function deliveryLineOf(summary: DeliverySummary, now: number): DeliveryLine {
  const { attention, waiting, oldestWaitingAt, phase, rewritten } = summary
  if (attention > 0) return { state: 'attention', text: `需处理 ${attention} 条` }
  const act = ACTS[phase]
  if (waiting > 0) {
    const age = oldestWaitingAt === null ? null : now - oldestWaitingAt
    return { state: 'waiting', text: deliveryInWords(waiting, age, act) }
  }
  if (rewritten !== undefined && rewritten !== null)
    return { state: 'on-device', text: '服务器的历史记录不一致' }
  if (act !== undefined) return { state: 'on-device', text: act }
  if (phase === 'offline') return { state: 'on-device', text: '没有网络，内容在本机' }
  if (summary.lastContactAt === null) return { state: 'on-device', text: PREPARING }
  return { state: 'delivered', text: deliveryInWords(0, null) }
}

/** The same for a screen reader, without what changes by itself. undefined while it is under way: what was said last holds. */
export function deliveryNewsOf(summary: DeliverySummary): string | undefined {
  const { state, text } = deliveryLineOf({ ...summary, waiting: 0 }, 0)
  const isUnderWay = state === 'delivered' && (summary.waiting > 0 || summary.phase === 'syncing')
  return isUnderWay || text === PREPARING ? undefined : text
}
