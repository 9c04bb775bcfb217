/** 传阅 in groups: what asks for a signature first, then what is settled. Each document stands in one of them. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { isFound, textsOf, wordsToFind } from '../../../../shared/circulation/finding.ts'
import { byDue, byNewest, type CirculationLine } from '../circulation-lines.ts'

export interface LineGroup {
  heading: string
  note?: string
  lines: CirculationLine[]
  /** These are to be signed: shown wholly, whatever their number. */
  asks?: true
}

const isOnPhone = (line: CirculationLine) => line.signOff?.pending === 1

/** Without what is archived, which has its place by year. */
export function groupsOf(lines: readonly CirculationLine[]): LineGroup[] {
  const of = (state: CirculationLine['state']) => lines.filter((line) => line.state === state)
  const signed = of('signed').sort(byNewest)
  const groups: LineGroup[] = [
    {
      heading: '版本已更新',
      note: '你签过旧版，签字仍保留；请看新版后再签一次。',
      lines: of('outdated').sort(byDue),
      asks: true,
    },
    { heading: '待签', lines: of('waiting').sort(byDue), asks: true },
    // 已签 is said of what was delivered; what is only on the phone stands apart.
    { heading: '签字待送达', lines: signed.filter(isOnPhone) },
    { heading: '已签', lines: signed.filter((line) => !isOnPhone(line)) },
    { heading: '免签', lines: of('excused').sort(byNewest) },
    {
      heading: '供阅看',
      note: '你不在这些文件的传阅名单上，可以看，不用签。',
      lines: of('reading').sort(byNewest),
    },
    { heading: '已撤回', note: '文件已从本机移除，只留下记录。', lines: of('recalled').sort(byNewest) },
  ]
  return groups.filter((group) => group.lines.length > 0)
}

const asksForSign = ({ state }: CirculationLine) => state === 'waiting' || state === 'outdated'

/** What one may look for by its state; `late`: past the last day, and still to be signed. */
const STATES: readonly {
  value: string
  label: string
  is: (line: CirculationLine, now: number) => boolean
}[] = [
  { value: 'open', label: '待签', is: asksForSign },
  {
    value: 'late',
    label: '已过截止日',
    is: (line, now) => asksForSign(line) && line.fields.deadline < civilDate(now),
  },
  { value: 'signed', label: '已签', is: (line) => line.state === 'signed' },
  { value: 'excused', label: '免签', is: (line) => line.state === 'excused' },
  { value: 'reading', label: '供阅看', is: (line) => line.state === 'reading' },
  { value: 'archived', label: '已归档', is: (line) => line.state === 'archived' },
  { value: 'recalled', label: '已撤回', is: (line) => line.state === 'recalled' },
]

export interface ListSearch {
  words: string
  /** Empty: all. */
  state: string
}

export const isNarrowed = ({ words, state }: ListSearch): boolean => words.trim() !== '' || state !== ''

/** The states that there are, each with how many. */
export function statesToChoose(lines: readonly CirculationLine[], now: number) {
  const counted = STATES.map(({ value, label, is }) => {
    const count = lines.filter((line) => is(line, now)).length
    return { value, label: `${label} ${count}`, count }
  })
  return [
    { value: '', label: '全部状态' },
    ...counted.filter(({ count }) => count > 0).map(({ value, label }) => ({ value, label })),
  ]
}

/** Finds among these lines, however often: what is compared is made once. */
export function finderOf(lines: readonly CirculationLine[]) {
  const texts = new Map(
    lines.map((line) => [line.id, textsOf([line.fields.title, line.fields.documentNo, line.fields.issuer])]),
  )
  return ({ words, state }: ListSearch, now: number): CirculationLine[] => {
    const wanted = wordsToFind(words)
    const is = STATES.find(({ value }) => value === state)?.is
    return lines.filter((line) => (is?.(line, now) ?? true) && isFound(wanted, texts.get(line.id) ?? []))
  }
}
