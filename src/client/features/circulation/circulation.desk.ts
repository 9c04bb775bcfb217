/** For the desk: what waits for a second person, what was never sent, who has not signed; for officers their own branch. */
import { coverageOf } from '../../../shared/circulation/coverage/coverage.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import { isOfficerOf } from '../../../shared/org/actor.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import type { Phone } from '../../storage/phone.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import { daysUntil, deadlineInWords } from './circulation-lines.ts'
import { askBehind, askDispatched, type DocumentLine } from './desk/bureau/answers.ts'
import { desksOf } from './desk/own-desks.ts'
import { readDocuments } from './desk/useDocuments.ts'

/** A document on its way that people have not signed. */
export interface OpenDocument {
  name: string
  open: number
  deadline: string
  to: string
}

/**
 * What is past its deadline apart from what still runs.
 * @param all the page of several; else that of the one that is due first, where the others can be chosen
 */
export function openMatters(documents: readonly OpenDocument[], now: number, all?: string): DeskMatter[] {
  const isLate = ({ deadline }: OpenDocument) => daysUntil(deadline, now) < 0
  const matter = (key: string, title: string, some: OpenDocument[]): DeskMatter[] => {
    const [first] = some.sort((a, b) => (a.deadline < b.deadline ? -1 : 1))
    if (first === undefined) return []
    const open = some.reduce((sum, one) => sum + one.open, 0)
    const when = deadlineInWords(first.deadline, now).replace('，仍可签字', '')
    const isOne = some.length === 1
    const howMany = `还差 ${open} ${isOne ? '人' : '人次'}`
    return [
      {
        key,
        count: some.length,
        unit: '份',
        title,
        second: `${howMany} · ${first.name}${isOne ? '' : ' 等'} · ${when}`,
        to: isOne ? first.to : (all ?? first.to),
        isUrgent: key === 'late',
      },
    ]
  }
  const waiting = documents.filter(({ open }) => open > 0)
  const late = waiting.filter(isLate)
  const running = waiting.filter((one) => !isLate(one))
  return [...matter('late', '文件过了截止日还有人未签', late), ...matter('open', '文件正在传阅', running)]
}

const openDocument = (d: DocumentLine): OpenDocument => ({
  name: d.documentNo || d.title,
  open: d.missing,
  deadline: d.deadline,
  to: `/desk/circulations?document=${d.documentId}`,
})

async function sent({ phone, now, signal }: DeskContext<Phone>): Promise<DeskMatter[]> {
  const [documents, sentIds] = await Promise.all([askBehind(signal), askDispatched(signal)])
  const [first, ...more] = (await readDocuments(phone)).filter(
    (d) =>
      d.isConfirmed && !d.fields.withdrawn && d.fields.ownerUnitId === ROOT_UNIT_ID && !sentIds.has(d.id),
  )
  const unsent: DeskMatter[] =
    first === undefined
      ? []
      : [
          {
            key: 'unsent',
            count: more.length + 1,
            unit: '份',
            title: '文件已确认非密，还没有发出',
            second: first.fields.title,
            to: more.length === 0 ? `/desk/documents/${first.id}` : '/desk/documents',
          },
        ]
  return [...openMatters(documents.map(openDocument), now), ...unsent]
}

/** @param which the desk of the Party office, or those of branches; null for who has none of them */
const unconfirmed =
  (which: 'office' | 'branches') =>
  async ({ phone, actor }: DeskContext<Phone>): Promise<DeskMatter[] | null> => {
    const desks = desksOf(actor).filter((unitId) => (unitId === ROOT_UNIT_ID) === (which === 'office'))
    if (desks.length === 0) return null
    const waiting = (await readDocuments(phone)).filter(
      (d) => !d.isConfirmed && !d.fields.withdrawn && desks.includes(d.fields.ownerUnitId),
    )
    const matter = (key: string, title: string, some: typeof waiting, isUrgent: boolean): DeskMatter[] =>
      some.length === 0
        ? []
        : [
            {
              key,
              count: some.length,
              unit: '份',
              title,
              second: some[0]!.fields.title,
              to: some.length === 1 ? `/desk/documents/${some[0]!.id}` : '/desk/documents',
              isUrgent,
            },
          ]
    const isMine = (d: (typeof waiting)[number]) => d.fields.nonClassifiedBy === phone.person.id
    return [
      ...matter(
        'for-me',
        '文件请你确认非密',
        waiting.filter((d) => !isMine(d)),
        true,
      ),
      ...matter('for-another', '文件待第二人确认非密', waiting.filter(isMine), false),
    ]
  }

async function ofOwnUnits({ phone, actor, now }: DeskContext<Phone>): Promise<DeskMatter[] | null> {
  if (!actor.roles.some(({ unitId }) => isOfficerOf(actor, unitId))) return null
  const { db } = phone
  const [circulations, changes, signOffs] = await Promise.all([
    db.records('circulation').where('fields.state').equals('open').toArray(),
    db.records('recipient-change').toArray(),
    db.records('sign-off').toArray(),
  ])
  const documents = circulations
    .filter((c) => circulationStatus(c.fields, now) === 'open' && isOfficerOf(actor, c.fields.unitId))
    .map((c): OpenDocument => {
      const { waiting, outdated } = coverageOf(c, changes, signOffs)
      const { documentNo, title, deadline } = c.fields
      return {
        name: documentNo || title,
        open: waiting + outdated,
        deadline,
        to: `/circulation/${c.id}/progress`,
      }
    })
  return openMatters(documents, now, '/circulation')
}

export const deskSources: readonly DeskSource<Phone>[] = [
  { order: 20, for: 'office', name: '文件登记', load: unconfirmed('office') },
  { order: 20, for: 'scorer', name: '本支部文件', load: unconfirmed('branches') },
  { order: 30, for: 'office', name: '传阅进度', isAsked: true, load: sent },
  { order: 30, for: 'scorer', name: '本单位传阅', load: ofOwnUnits },
]
