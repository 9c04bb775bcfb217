/** The beginning of minutes from what is known already: nothing is asked for twice. */
import { sittingTime } from '../model/meeting-words.ts'
import type { MeetingView } from './read-meeting.ts'

type Known = Pick<MeetingView, 'meeting' | 'lines' | 'figures' | 'people'>

export function minutesOutline({ meeting, lines, figures, people }: Known): string {
  const { fields } = meeting
  const nameOf = (id: string | null | undefined) => (id ? (people.get(id) ?? '') : '')
  const namesOf = (state: string) =>
    lines
      .filter((l) => l.state === state)
      .map((l) => l.name)
      .join('、')
  const when = fields.sittings.map((s) =>
    fields.sittings.length > 1 ? `${s.name} ${sittingTime(s)}` : sittingTime(s),
  )
  const places = [...new Set(fields.sittings.map((s) => s.place).filter((place) => place !== ''))]
  const facts = [
    ['时间', when.join('；')],
    ['地点', places.join('；')],
    ['主持', nameOf(fields.chairId)],
    ['记录', nameOf(fields.recorderId)],
    [
      '应到',
      figures.unmarked === figures.expected ? '' : `${figures.expected} 人，实到 ${figures.present} 人`,
    ],
    ['请假', namesOf('leave')],
    ['缺席', namesOf('absent')],
    ['列席', (fields.guests ?? []).map((guest) => guest.name).join('、')],
  ].filter(([, value]) => value !== '')
  const head = facts.map(([word, value]) => `${word}：${value}`).join('\n')
  return `${head}\n\n议程：\n${fields.agenda ?? ''}\n\n内容：\n`
}
