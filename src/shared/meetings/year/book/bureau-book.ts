/**
 * The year of all branches as a spreadsheet: 各支部 (a line for each), 逐期 (each period of each kind) and 说明. Guarantee: the figures
 * of the answer it was given, and no others; it says when they were counted.
 */
import { civilDate, civilTime } from '../../../civil-time.ts'
import { branchLines, type YearSums } from '../bureau/branch-lines.ts'
import type { BureauYear } from '../bureau/bureau-year.ts'
import { periodsOf } from '../periods.ts'
import { across, fitted, count, day, label, text, title, type Row, type Sheet } from './cells.ts'
import { cadenceWord, PERIODS_OF_UNIT, STATE_WORDS } from './meetings-tab.ts'

const SPANS = ['第一季度', '第二季度', '第三季度', '第四季度', '一年一次', '全年'] as const
const SUMS = ['应开', '已开', '过期没有开'] as const
const counts = ({ due, held, overdue }: YearSums): Row => [count(due), count(held), count(overdue)]

function branchesTab(answer: BureauYear): Sheet {
  const lines = branchLines(answer)
  return {
    sheet: '各支部',
    data: [
      across(title(`各支部 ${answer.year} 年会议`), 2 + SPANS.length * SUMS.length),
      [
        label('支部'),
        ...SPANS.flatMap((span) => SUMS.map((sum) => label(`${span}${sum}`))),
        label('按需要召开'),
      ],
      ...lines.map(({ name, quarters, yearly, all, asNeeded }): Row => [
        text(name),
        ...[...quarters, yearly, all].flatMap(counts),
        count(asNeeded),
      ]),
    ],
    columns: [{ width: 26 }, ...SPANS.flatMap(() => SUMS.map(() => ({ width: 10 }))), { width: 12 }],
    orientation: 'landscape',
    stickyRowsCount: 2,
    stickyColumnsCount: 1,
  }
}

/** As in a branch's own book, without the days. */
const PERIOD_COLUMNS = [['支部', 26] as const, ...PERIODS_OF_UNIT]

function periodsTab({ year, units, kinds }: BureauYear): Sheet {
  const kindOf = new Map(kinds.map((kind) => [kind.id, kind]))
  const nameOf = new Map(units.map(({ unitId, name }) => [unitId, name]))
  const rows = units.flatMap(({ name, branchId, kinds: own }) =>
    own.flatMap(({ kindId, due, held, overdue, periods }): Row[] => {
      const kind = kindOf.get(kindId)
      if (kind === undefined) return []
      const branch = (branchId === null ? undefined : nameOf.get(branchId)) ?? name
      const who = [text(branch), text(name), text(kind.name), text(cadenceWord(kind.cadence))]
      const span = (word: string, from: string, to: string) => [text(word), day(from), day(to)]
      if (kind.cadence === null)
        return [
          [
            ...who,
            ...span('全年', `${year}-01-01`, `${year}-12-31`),
            ...counts({ due, held, overdue }),
            text(''),
          ],
        ]
      const named = periodsOf(kind.cadence.per, year)
      return periods.map(([periodDue, periodHeld, periodOverdue, state], at): Row => [
        ...who,
        ...span(named[at]?.name ?? '', named[at]?.from ?? `${year}-01-01`, named[at]?.to ?? `${year}-12-31`),
        ...counts({ due: periodDue, held: periodHeld, overdue: periodOverdue }),
        text(STATE_WORDS[state]),
      ])
    }),
  )
  return {
    sheet: '逐期',
    data: [
      across(title(`各支部 ${year} 年会议，逐期`), PERIOD_COLUMNS.length),
      PERIOD_COLUMNS.map(([word]) => label(word)),
      ...rows,
    ],
    columns: PERIOD_COLUMNS.map(([, width]) => ({ width })),
    orientation: 'landscape',
    stickyRowsCount: 2,
  }
}

function notesTab({ year, at, kinds }: BureauYear, madeBy: string): Sheet {
  const lines: [string, string][] = [
    ['年度', `${year} 年`],
    ['制表', madeBy],
    ['记录截至', `${civilDate(at)} ${civilTime(at)}，服务器上已经送达的`],
    ['已开', '会议写明已开，或当天有人到会，或纪要已定稿。取消的不算；一场会分几个场次开，算一次。'],
    ['过期没有开', '一期已经过去，还缺的次数。多开的不抵别的期。'],
    ['全年', '四个季度和一年一次的合计。按需要召开的单列，不算进应开和已开。'],
    ['党小组', '在“各支部”里算进所属的支部，在“逐期”里单列。'],
    ...kinds.map(({ name, cadence }): [string, string] => [
      name,
      cadence === null ? cadenceWord(null) : `${cadenceWord(cadence)}，依据：${cadence.source}`,
    ]),
  ]
  return {
    sheet: '说明',
    data: [across(title('说明'), 2), ...lines.map(([word, value]) => [label(word), text(value)])],
    columns: [{ width: 16 }, { width: 90 }],
  }
}

export const bureauBook = (answer: BureauYear, madeBy: string): Sheet[] =>
  [branchesTab(answer), periodsTab(answer), notesTab(answer, madeBy)].map(fitted)
