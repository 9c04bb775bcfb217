/** One filled sheet on its way into the roll: chosen, read, judged against what stands, confirmed, and taken back where it was wrong. */
import { computed, ref, shallowRef } from 'vue'
import { civilDate } from '../../../../../shared/civil-time.ts'
import { useLiveOrLoading } from '../../../../storage/live.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import type { SpreadsheetRows } from '../../spreadsheet/read-spreadsheet.ts'
import { readSheetFacts } from '../read-facts.ts'
import { judgeRows, type JudgedRow } from './against-roll.ts'
import { readFilled, type FilledSheet } from './read-filled.ts'
import { takeFilled, undoTaken, type Taken } from './take-filled.ts'

export interface Preview extends FilledSheet {
  judged: JudgedRow[]
  /** Of the sheet, 'YYYY-MM-DD'. */
  paperDate: string
}

export function useTakeSheet(meetingId: string) {
  const phone = usePhone()
  const facts = useLiveOrLoading(() => readSheetFacts(phone, meetingId), [() => meetingId])
  const rows = shallowRef<SpreadsheetRows>()
  const fileName = ref('')
  const trouble = ref('')
  const isBusy = ref(false)
  /** Rows of those who become 列席. */
  const guests = ref<ReadonlySet<number>>(new Set())
  const taken = shallowRef<Taken>()
  const undone = ref<{ count: number; kept: number }>()

  /** Follows what others write meanwhile: the preview is what would be written now. */
  const reading = computed(() => {
    if (rows.value === undefined || !facts.value) return undefined
    const { roll, people } = facts.value
    const { id, fields } = roll.meeting
    return readFilled(rows.value, { meetingId: id, meeting: fields, roster: roll.roster, people })
  })
  const refusal = computed(() => (reading.value?.type === 'refused' ? reading.value.sentence : ''))
  const preview = computed((): Preview | undefined => {
    const read = reading.value
    if (read?.type !== 'read' || !facts.value) return undefined
    const { marks, meeting } = facts.value.roll
    const sitting = meeting.fields.sittings.find(({ id }) => id === read.sittingId)
    const paperDate = sitting === undefined ? meeting.fields.date : civilDate(sitting.startsAt)
    return { ...read, paperDate, judged: judgeRows(read.rows, marks, read.sittingId, paperDate) }
  })
  const toWrite = computed(
    () => preview.value?.judged.filter(({ standing }) => standing === 'new' || standing === 'beside') ?? [],
  )
  const toInvite = computed(() => preview.value?.extras.filter(({ row }) => guests.value.has(row)) ?? [])

  async function once<T>(act: () => Promise<T>, advice: string): Promise<T | undefined> {
    if (isBusy.value) return undefined
    isBusy.value = true
    trouble.value = ''
    try {
      return await act()
    } catch (error) {
      trouble.value = sentenceOf(error, advice)
      return undefined
    } finally {
      isBusy.value = false
    }
  }
  function forget(): void {
    rows.value = taken.value = undone.value = undefined
    fileName.value = trouble.value = ''
    guests.value = new Set()
  }
  const choose = (file: File) =>
    once(async () => {
      rows.value = taken.value = undone.value = undefined
      guests.value = new Set()
      fileName.value = file.name
      const { readSpreadsheet } = await import('../../spreadsheet/read-spreadsheet.ts')
      const read = await readSpreadsheet(file, '签到表')
      if (read.type === 'refused') trouble.value = read.sentence
      else rows.value = read.rows
      // Who was written under 列席 came as a guest; the others are asked about.
      guests.value = new Set(preview.value?.extras.flatMap(({ row, isGuest }) => (isGuest ? [row] : [])))
    }, '请再选一次。')
  const take = () =>
    once(async () => {
      const read = preview.value
      if (read === undefined) return
      taken.value = await takeFilled(phone, {
        meetingId,
        sittingId: read.sittingId,
        paperDate: read.paperDate,
        rows: toWrite.value,
        guests: toInvite.value,
      })
      rows.value = undefined
    }, '一条都没有写入，请再点一次。')
  const undo = () =>
    once(async () => {
      if (taken.value === undefined) return
      undone.value = await undoTaken(phone, taken.value)
      taken.value = undefined
    }, '没有撤销，请再点一次。')
  function invite(row: number, isGuest: boolean): void {
    const next = new Set(guests.value)
    if (isGuest) next.add(row)
    else next.delete(row)
    guests.value = next
  }
  return {
    facts,
    fileName,
    trouble,
    isBusy,
    refusal,
    preview,
    toWrite,
    toInvite,
    guests,
    taken,
    undone,
    choose,
    take,
    undo,
    forget,
    invite,
  }
}
