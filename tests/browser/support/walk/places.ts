/** Every page of the app in the demo bureau, and who it is made for. */
import { civilInstant, civilMonth, DAY_MS } from '../../../../src/shared/civil-time.ts'
import { circulationId } from '../../../../src/shared/circulation/circulation.ts'
import { STAFF } from '../../../../src/server/demo/accounts.ts'
import { DOCUMENT_PLANS } from '../../../../src/server/demo/content/documents/document-files.ts'
import { meetingId } from '../../../../src/server/demo/content/meetings.ts'
import { personIdOf } from '../../../../src/server/demo/context.ts'
import { FIRST_BRANCH_ID, unitId } from '../../../../src/server/demo/people/units.ts'
import { SECTIONS } from '../../../../src/server/demo/people/units.ts'
import { storedFields } from '../acts.ts'
import type { DemoHall } from './demo-hall.ts'

/** Scored and frozen last month; handed in and half scored this month. */
const SCORED = '1010'

export interface Role {
  role: string
  staffNo: string
  /** The pages that this role is the one to see filled. */
  own: string[]
}
export interface Places {
  open: string[]
  roles: Role[]
  /** Pages of the desk, and the main ones: walked at 1280 px too. */
  isWide(path: string): boolean
  lesson: string
  circulation: string
  /** Two revisions with attachments, two substitutes. */
  withFiles: string
  /** A paper entry beside a signature, to be settled. */
  toSettle: string
  meeting: string
  sitting: string
  thisMonth: string
}

/** @param now the demo's today, UTC ms */
export async function placesOf({ store }: Pick<DemoHall, 'store'>, now = Date.now()): Promise<Places> {
  const rows = async (type: string) =>
    store.read(async (tx) =>
      (await tx.records({ types: [type] }))
        .filter((row) => !row.deleted)
        .map((row) => ({
          id: row.id,
          fields: JSON.parse(row.fields) as Record<string, string>,
        })),
    )
  const thisMonth = civilMonth(now)
  const lastMonth = civilMonth(civilInstant(`${thisMonth}-01`) - DAY_MS)
  const lessons = (await rows('lesson')).filter(
    ({ fields }) => !fields['withdrawn'] && Number(fields['publishAt']) <= now,
  )
  const [lesson] = lessons.toSorted((a, b) => Number(b.fields['publishAt']) - Number(a.fields['publishAt']))
  const chapter = (await rows('book-chapter')).find(({ fields }) => Number(fields['order']) === 0)
  const mine = (await rows('circulation')).find(({ fields }) => fields['unitId'] === FIRST_BRANCH_ID)
  const documentId = mine!.fields['documentId']!
  const circulation = circulationId(documentId, FIRST_BRANCH_ID)
  const revised = (await rows('circulation')).find(
    ({ fields }) => fields['unitId'] === FIRST_BRANCH_ID && fields['revisions']!.length > 1,
  )
  // A hall of other texts has none of these.
  const circulations = await rows('circulation')
  const inFirstBranch = (title: string): string =>
    circulations.find(
      ({ fields }) => fields['unitId'] === FIRST_BRANCH_ID && fields['title']!.startsWith(title),
    )?.id ?? circulation
  const withFiles = inFirstBranch(DOCUMENT_PLANS['drill']!.title)
  const toSettle = inFirstBranch(DOCUMENT_PLANS['visits']!.title)
  const meeting = meetingId('general-meeting')
  const held = meetingId('theme-day')
  const voted = meetingId('general-held')
  const idIn = async (type: string) =>
    (await rows(type)).find(({ fields }) => fields['meetingId'] === voted)!.id
  const vote = await idIn('resolution')
  const proposal = await idIn('minutes-proposal')
  const [general] = (await storedFields({ store }, 'meeting')).filter((m) =>
    String(m['title']).startsWith('第四季度'),
  )
  const sitting = (general!['sittings'] as { id: string }[])[0]!.id
  const scored = personIdOf(SCORED)
  const counters = unitId('section', SECTIONS.counters)

  const member = [
    '/today',
    '/study',
    `/lessons/${lesson!.id}`,
    `/lessons/${lesson!.id}/reflection`,
    '/books',
    `/books/${chapter!.fields['bookId']}`,
    `/books/${chapter!.fields['bookId']}/${chapter!.id}`,
    '/circulation',
    `/circulation/${circulation}`,
    `/circulation/${circulation}/sign`,
    `/circulation/${circulation}/sign-for/${scored}`,
    `/circulation/${revised!.id}?changes`,
    `/circulation/${withFiles}`,
    `/circulation/${withFiles}?changes`,
    `/circulation/${withFiles}/sign`,
    `/circulation/${withFiles}/sign-for/${personIdOf('1020')}`,
    '/branch',
    '/my-code',
    '/my-code/scan',
    '/members',
    '/meetings',
    `/meetings/${meeting}`,
    `/meetings/${held}`,
    `/meetings/${voted}`,
    `/meetings/${voted}/record`,
    '/meetings/calendar',
    '/shifts',
    '/assessment',
    `/assessment/${thisMonth}/party`,
    `/assessment/${thisMonth}/work`,
    `/assessment/${lastMonth}/party`,
    `/assessment/${lastMonth}/result`,
    '/me',
    '/me/attendance',
    '/me/delivery',
    '/me/offline',
    '/me/holds',
    '/me/devices',
    '/me/opinions',
    '/me/appearance',
    '/me/about',
    '/me/install',
    '/desk',
    '/locked',
    '/activate#n=9999&c=ABCD2EF9GH12',
  ]
  const secretary = [
    '/today',
    '/branch',
    `/circulation/${circulation}/progress`,
    `/circulation/${withFiles}/progress`,
    `/circulation/${toSettle}/sheet`,
    `/circulation/${circulation}/receipt`,
    `/circulation/${circulation}/sheet`,
    '/circulation-check',
    '/desk/documents',
    '/desk/documents/new',
    `/meetings/${meeting}`,
    '/meetings/new',
    '/meetings/take',
    '/shifts',
    '/meetings/year',
    '/meetings/attendance',
    '/meetings/attendance?quarter=3',
    `/meetings/${meeting}/edit`,
    `/meetings/${meeting}/minutes`,
    `/meetings/${held}/minutes`,
    `/meetings/${voted}`,
    `/meetings/${voted}/record`,
    `/meetings/${voted}/sheet`,
    `/meetings/${meeting}/sheet`,
    `/meetings/${meeting}/sheet/take`,
    `/meetings/${voted}/correction`,
    `/meetings/${voted}/make-ups`,
    `/meetings/${voted}/votes/new`,
    `/meetings/${voted}/votes/${vote}`,
    `/meetings/${voted}/proposals/${proposal}`,
    `/meetings/${meeting}/roll/${sitting}`,
    `/meetings/${meeting}/roll/${sitting}/scan`,
    `/meetings/${meeting}/roll/${sitting}/code`,
    `/meetings/${meeting}/roll/${sitting}/show`,
    `/meetings/${meeting}/roll/${sitting}/hand-over`,
    `/meetings/${held}/figures`,
    '/scoring',
    `/scoring/${thisMonth}/party/${FIRST_BRANCH_ID}/${scored}`,
    `/scoring/${lastMonth}/party/${FIRST_BRANCH_ID}/${scored}`,
  ]
  const scorer = ['/scoring', `/scoring/${thisMonth}/work/${counters}/${scored}`]
  const office = [
    '/desk',
    '/desk/lessons',
    '/desk/lessons/new',
    `/desk/lessons/${lesson!.fields['issueId']}`,
    '/desk/documents',
    '/desk/documents/new',
    `/desk/documents/${documentId}`,
    '/desk/circulations',
    `/desk/circulations?document=${documentId}`,
    `/desk/circulations/${documentId}/sheets`,
    '/desk/circulation-years',
    '/desk/meetings',
    `/desk/meetings?unit=${FIRST_BRANCH_ID}`,
    '/desk/months',
    '/desk/opinions',
  ]
  return {
    open: ['/sign-in', '/activate', '/set-up', '/open-in-browser', '/install', '/no-such-page'],
    roles: [
      { role: 'member', staffNo: STAFF.member, own: member },
      { role: 'secretary', staffNo: STAFF.secretary, own: secretary },
      { role: 'scorer', staffNo: STAFF.scorer, own: scorer },
      { role: 'office', staffNo: STAFF.office, own: office },
      { role: 'administrator', staffNo: STAFF.administrator, own: ['/desk', '/desk/people'] },
    ],
    isWide: (path) =>
      /^\/(desk|scoring|today|study|circulation|meetings|shifts|branch|me$|sign-in|lessons)/.test(path),
    lesson: lesson!.id,
    circulation,
    withFiles,
    toSettle,
    meeting,
    sitting,
    thisMonth,
  }
}
