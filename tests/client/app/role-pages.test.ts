// @vitest-environment happy-dom
/**
 * Every page of the desk, opened by its link by every role that it is not for: it says whose page it is and leads back, and offers
 * nothing that would be refused.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { laterRoutes } from '../../../src/client/later-routes.ts'
import { deskPlaces } from '../../../src/client/ui/desk-places.ts'
import type { RoleName } from '../../../src/shared/org/actor.ts'
import { eventually } from '../../support/eventually.ts'
import { buttonSaying, giveUnits, ME, NOW, openPage, setupPhone } from '../features/lessons/fake-phone.ts'

const session = vi.hoisted(() => ({ roles: [] as { role: string }[] }))
vi.mock('../../../src/client/remote/session.ts', async (original) => ({
  ...(await original<object>()),
  useSession: () => session,
}))

const ROLES: Record<string, RoleName | undefined> = {
  member: undefined,
  'branch officer': 'branch-officer',
  'group leader': 'group-leader',
  scorer: 'section-scorer',
  office: 'office',
  administrator: 'administrator',
}
const BRANCH = ['branch officer']
const OFFICE = ['office']
const MAY: Record<string, string[]> = {
  '/desk/lessons': OFFICE,
  '/desk/lessons/new': OFFICE,
  '/desk/lessons/:issueId': OFFICE,
  '/desk/documents': [...OFFICE, ...BRANCH],
  '/desk/documents/new': [...OFFICE, ...BRANCH],
  '/desk/circulations': OFFICE,
  '/desk/circulations/:documentId/sheets': OFFICE,
  '/desk/circulation-years': OFFICE,
  '/desk/meetings': OFFICE,
  '/desk/months': OFFICE,
  '/desk/people': ['office', 'administrator'],
  '/desk/opinions': OFFICE,
  '/scoring': ['branch officer', 'group leader', 'scorer'],
}
/** For everyone: what it shows is by what the phone holds. */
const OPEN = ['/desk', '/desk/documents/:id']

const routes = [...laterRoutes] as RouteRecordRaw[]
const asked = vi.fn()
/** Those whose page is not even begun. */
const gated = routes.filter(({ meta }) => meta?.only !== undefined).map(({ path }) => path)
let close = () => undefined as void

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }))
  vi.stubGlobal('fetch', (path: string) => {
    asked(path)
    const body = { error: { code: 'forbidden', message: '你现在的职务不能做这件事。' } }
    return Promise.resolve(new Response(JSON.stringify(body), { status: 403 }))
  })
})
afterEach(() => {
  close()
  vi.unstubAllGlobals()
  asked.mockClear()
  document.body.innerHTML = ''
})

async function open(role: RoleName | undefined, path: string) {
  session.roles = role === undefined ? [] : [{ role }]
  const phone = setupPhone()
  await giveUnits(phone)
  const unitId = role === 'office' || role === 'administrator' ? 'root' : 'b1'
  const fields = { personId: ME.id, role, unitId, title: '职务', from: '2020-01-01', to: null }
  if (role !== undefined) await phone.give('role', 'r1', fields as never, NOW)
  const page = await openPage(phone, routes, path.replaceAll(/:\w+/gu, 'nosuch'))
  close = page.close
}
const text = () => document.body.textContent

it('names every page of the desk', () => {
  const paths = routes.map(({ path }) => path).filter((path) => /^\/(desk|scoring$)/u.test(path))
  expect(paths.toSorted()).toEqual([...Object.keys(MAY), ...OPEN].toSorted())
})

const refused = Object.entries(MAY).flatMap(([path, may]) =>
  Object.keys(ROLES)
    .filter((role) => !may.includes(role))
    .map((role) => [path, role] as const),
)
it.each(refused)('%s is not for the %s', async (path, role) => {
  await open(ROLES[role], path)
  await eventually(() => expect(text()).toMatch(/这里(由.+(使用|登记文件)|是评分人的工作)/u))
  expect(document.querySelector('button.back, main a')).not.toBeNull()
  expect(buttonSaying('再试一次')).toBeUndefined()
  expect(document.querySelector('input, textarea, select')).toBeNull()
  if (gated.includes(path)) expect(asked).not.toHaveBeenCalled()
})

const allowed = gated.flatMap((path) => MAY[path]!.map((role) => [path, role] as const))
it.each(allowed)('%s is for the %s; a refusal all the same is final', async (path, role) => {
  await open(ROLES[role], path)
  await eventually(() => expect(text().replaceAll('正在准备', '').length).toBeGreaterThan(10))
  expect(text()).not.toMatch(/这里由/u)
  if (!/months|people|opinions/u.test(path)) return
  await eventually(() => expect(text()).toContain('这里现在看不了'))
  expect(buttonSaying('再试一次')).toBeUndefined()
  expect(document.querySelector('main a[href="/today"]')).not.toBeNull()
})

it('lists a page of the desk for everyone whom it opens for', () => {
  const listed = routes.filter(({ meta }) => meta?.desk !== undefined && meta.only !== undefined)
  expect(listed.map(({ path }) => path)).toContain('/desk/people')
  for (const { path, meta } of listed)
    for (const role of meta!.only!)
      expect(deskPlaces([{ path, meta: meta! }], [{ role }]), `${path} for the ${role}`).toHaveLength(1)
})
