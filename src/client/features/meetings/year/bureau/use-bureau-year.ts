/**
 * The year that is asked for. Guarantee: figures never stand under another year than their own; a year that was seen since the
 * page was opened is shown again with no network, with the time of its figures.
 */
import { shallowRef, watch } from 'vue'
import type { BureauYear } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'
import { useAnswer, type Asked } from '../../../../ui/asking/use-answer.ts'
import { askBureauYear } from './answers.ts'

export function useBureauYear(year: () => number): Asked<BureauYear> {
  const seen = new Map<number, BureauYear>()
  const asked = useAnswer(
    (signal) => askBureauYear(year(), signal),
    () => String(year()),
  )
  const answer = shallowRef<BureauYear>()
  watch(
    [asked.answer, year] as const,
    ([fresh, wanted]) => {
      if (fresh !== undefined) seen.set(fresh.year, fresh)
      answer.value = seen.get(wanted)
    },
    { immediate: true, flush: 'sync' },
  )
  return { ...asked, answer }
}
