/** What an officer asks of a branch's attendance (unit, year, quarter, group) and what answers it, with no network. */
import { computed, ref } from 'vue'
import { civilDate } from '../../../../../shared/civil-time.ts'
import { sumsOf } from '../../../../../shared/meetings/year/attendance-sheet.ts'
import { heldInWords } from '../../../../../shared/meetings/year/book/year-book.ts'
import { sortRoster } from '../../../../../shared/org/order/roster-order.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { useDelivery } from '../../../../sync/delivery-state.ts'
import { useRosterOrder } from '../../model/roster/use-roster-order.ts'
import { useAskedView } from '../../model/use-asked-view.ts'
import { isPartlyKept, useAsked, useAskedYear } from '../asked.ts'
import { openInWords } from '../attendance-words.ts'
import { periodOf, readBranchYear } from './read-branch-year.ts'
import { lineOf, sheetColumns, sortLines, type Sorting } from './sheet-columns.ts'

export function useBranchYear() {
  const phone = usePhone()
  const { summary } = useDelivery()
  const order = useRosterOrder()
  const today = civilDate(phone.now())

  const unitId = useAsked('unit')
  const year = useAskedYear(today)
  const asked = useAsked('quarter')
  const quarter = computed({
    get: () => (/^[1-4]$/.test(asked.value) ? asked.value : ''),
    set: (chosen: string | null) => (asked.value = chosen ?? ''),
  })
  const groupId = ref('')
  const sorting = ref<Sorting>()

  const wanted = computed(() => ({ unitId: unitId.value, year: year.value, quarter: quarter.value }))
  const { view, isReading } = useAskedView(wanted, (actor, of) => readBranchYear(phone.db, actor, of))
  const shownUnit = computed({
    get: () => view.value?.unit?.id ?? '',
    set: (id: string) => {
      unitId.value = id
      groupId.value = ''
    },
  })
  /** Of the figures that are shown. */
  const periodName = computed(() => {
    const shown = view.value?.asked ?? wanted.value
    const { name } = periodOf(shown.year, shown.quarter)
    return `${shown.year} 年${shown.quarter ? name : '全年'}`
  })
  const groupOptions = computed(() => [
    { value: '', label: '全体' },
    ...(view.value?.groups ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ])
  const inGroup = computed(() => {
    const people = view.value?.sheet.people ?? []
    const group = view.value?.groups.find(({ id }) => id === groupId.value)
    return sortRoster(
      group === undefined ? people : people.filter((p) => group.personIds.has(p.personId)),
      order.value,
    )
  })
  const sum = computed(() => ({
    key: 'sum',
    name: '合计',
    ...sumsOf(inGroup.value.flatMap(({ entries }) => entries)),
  }))
  const columns = computed(() => sheetColumns(view.value?.sheet.kinds ?? [], sum.value))
  const lines = computed(() => sortLines(inGroup.value.map(lineOf), columns.value, sorting.value))
  const figures = computed(() => {
    const { expected, present, leave, absent } = sum.value.all
    return [
      { label: '应到人次', value: expected },
      { label: '实到', value: present },
      { label: '请假', value: leave },
      { label: '缺席', value: absent },
    ]
  })
  const sentence = computed(() => {
    const { owed, madeUp } = sum.value.all
    const count = `${view.value?.sheet.counted.length ?? 0} 场会，${inGroup.value.length} 人`
    return [count, owed > 0 ? `应补学 ${owed}，已补 ${madeUp}` : '', openInWords(sum.value.all)]
      .filter(Boolean)
      .join('；')
      .replace(' · ', '，')
  })
  const held = computed(() => ({
    lastContactAt: summary.value.lastContactAt,
    isPreparing: summary.value.preparing,
    isPartlyKept: isPartlyKept(view.value?.asked.year ?? year.value, today),
  }))
  const missing = computed(() => heldInWords({ ...held.value, waiting: view.value?.waiting ?? 0 }))
  const kindNameOf = (kindId: string): string =>
    view.value?.sheet.kinds.find(({ id }) => id === kindId)?.name ?? '其他会议'
  const nameOf = (personId: string): string => view.value?.names.get(personId) ?? '不在本支部名单的人'
  const hasMeetings = computed(() => {
    const { counted = [], untaken = [] } = view.value?.sheet ?? {}
    return counted.length + untaken.length > 0
  })
  return {
    order,
    year,
    quarter,
    groupId,
    groupOptions,
    sorting,
    view,
    isReading,
    shownUnit,
    periodName,
    inGroup,
    sum,
    columns,
    lines,
    figures,
    sentence,
    held,
    missing,
    hasMeetings,
    kindNameOf,
    nameOf,
  }
}
