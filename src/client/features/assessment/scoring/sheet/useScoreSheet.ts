/**
 * A sheet in work. Every figure goes by its own path with scorer and time, so that two scorers on two phones who score
 * different items both keep theirs. A self-score never becomes a score by itself.
 */
import { uuidv7 } from 'uuidv7'
import { computed, watch } from 'vue'
import { scoreSheetId, type Score } from '../../../../../shared/assessment/score-sheet.ts'
import { sheetTotal } from '../../../../../shared/assessment/sheet-total.ts'
import { useLiveOrLoading } from '../../../../storage/live.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { fullTotal } from '../../answers.ts'
import type { DraftValue, DraftValues } from '../../draft-writer.ts'
import { useDraftWriter } from '../../useDraftWriter.ts'
import { readSheet, scoreOf, unfinishedOf, type SheetKey } from './sheet.ts'

export function useScoreSheet(key: SheetKey) {
  const phone = usePhone()
  const sheetId = scoreSheetId(key.unitId, key.personId, key.month, key.side)
  const read = useLiveOrLoading(() => readSheet(phone, key))

  async function save(changes: DraftValues): Promise<void> {
    const now = read.value
    if (now?.set == null) return
    const newer = now.sheet !== null && now.sheet.fields.setId !== now.set.id ? { setId: now.set.id } : {}
    const create = { ...key, name: now.name, setId: now.set.id }
    await phone.store.edit('score-sheet', sheetId, { ...changes, ...newer }, { create })
  }
  const writer = useDraftWriter('评分', save)
  const stored = (path: string): DraftValue | undefined => {
    const [kind, id, part] = path.split('/') as [string, string?, string?]
    const fields = read.value?.sheet?.fields
    if (kind === 'done') return fields?.done
    const group = kind === 'scores' ? fields?.scores : fields?.adjustments
    return (group?.[id ?? ''] as Record<string, DraftValue> | undefined)?.[part ?? '']
  }
  watch(read, () => writer.readBack(stored))

  const typed = (path: string): DraftValue | undefined => writer.typed.value.get(path)
  const scores = computed(() => {
    const all: Record<string, Score> = {}
    for (const { id } of read.value?.set?.fields.indicators ?? []) {
      const score = scoreOf(read.value?.sheet?.fields.scores, id)
      for (const part of ['score', 'reason', 'evidence', 'scorerId', 'at'] as const) {
        const value = typed(`scores/${id}/${part}`)
        if (value !== undefined) Object.assign(score, { [part]: value })
      }
      all[id] = score
    }
    return all
  })
  const adjustments = computed(() => read.value?.sheet?.fields.adjustments ?? {})
  const set = computed(() => read.value?.set?.fields ?? { indicators: [] })
  const signed = (path: string): DraftValues => ({
    [`${path}/scorerId`]: phone.person.id,
    [`${path}/at`]: phone.now(),
  })

  return {
    read,
    writer,
    scores,
    adjustments,
    isDone: computed(() => (typed('done') ?? read.value?.sheet?.fields.done) === true),
    total: computed(() => sheetTotal(set.value, scores.value, adjustments.value)),
    full: computed(() => fullTotal(set.value)),
    unfinished: computed(() => unfinishedOf(set.value, scores.value)),
    change(id: string, part: 'score' | 'reason' | 'evidence', value: string | number | null) {
      writer.set({ [`scores/${id}/${part}`]: value, ...signed(`scores/${id}`) })
    },
    fillRest() {
      const rest = unfinishedOf(set.value, scores.value).unscored
      for (const { id, max } of rest) writer.set({ [`scores/${id}/score`]: max, ...signed(`scores/${id}`) })
      return writer.flush()
    },
    setDone(done: boolean) {
      writer.set({ done })
      return writer.flush()
    },
    /** A taken-back adjustment keeps its place with 0 points: what was written leaves a trail. */
    async adjust(points: number, reason: string, id = uuidv7()) {
      await writer.flush()
      const path = `adjustments/${id}`
      await save({ [`${path}/points`]: points, [`${path}/reason`]: reason, ...signed(path) })
    },
  }
}
