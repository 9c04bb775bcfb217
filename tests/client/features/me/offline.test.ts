// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepAhead } from '../../../../src/client/features/me/me.ahead.ts'
import {
  createOfflineKeeper,
  endOfflineKeeper,
  offlineKeeperOf,
} from '../../../../src/client/features/me/offline/offline-keeper.ts'
import { isOfferAnswered } from '../../../../src/client/features/me/offline/offline-offer.ts'
import { readPlan } from '../../../../src/client/features/me/offline/offline-plan.ts'
import { offlineProblem, RemoteProblem } from '../../../../src/client/remote/call.ts'
import { StorageTrouble } from '../../../../src/client/storage/trouble.ts'
import { busyReasons } from '../../../../src/client/ui/page/busy.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { eventually } from '../../../support/eventually.ts'
import {
  buttonSaying,
  giveUnits,
  lessonFields,
  openPage,
  setupPhone,
  type TestPhone,
} from '../lessons/fake-phone.ts'

const routes = [
  {
    path: '/me/offline',
    component: () => import('../../../../src/client/features/me/offline/OfflinePage.vue'),
  },
  {
    path: '/me/delivery',
    component: () => import('../../../../src/client/features/me/delivery/DeliveryPage.vue'),
  },
]
const bytesOf = (name: string) => new TextEncoder().encode(`示例 ${name}`)
const files = new Map(['一', '二', '三', '四'].map((name) => [sha256Hex(bytesOf(name)), bytesOf(name)]))
const hashOf = (name: string) => sha256Hex(bytesOf(name))

let phone: TestPhone
let isOnline = true
let recalled = ''
let asked: string[] = []
let heldBack: string[] = []
let closing: (() => void)[] = []
const count = () => phone.db.blobs.count()

async function giveBook(chapters: readonly string[]): Promise<void> {
  await phone.give('book', 'k1', {
    title: '明辨笃行',
    subtitle: '',
    description: '',
    edition: '2026 年版',
    order: 0,
    withdrawn: false,
  })
  for (const [order, name] of chapters.entries())
    await phone.give('book-chapter', `h${name}`, {
      bookId: 'k1',
      order,
      title: name,
      level: 1,
      sha256: hashOf(name),
      sizeBytes: bytesOf(name).length,
      paragraphs: 1,
    })
}

/** As a browser has it: an installing worker has become an active one when its files are kept. */
let worker: EventTarget | null
let isActive: boolean
function installed(): void {
  isActive = true
  worker?.dispatchEvent(new Event('statechange'))
}
class Registration extends EventTarget {
  readonly waiting = null
  get active() {
    return isActive ? worker : null
  }
  get installing() {
    return isActive ? null : worker
  }
}
const registration = () => new Registration()
function giveWorkers(): void {
  worker = new EventTarget()
  isActive = true
  vi.stubGlobal('navigator', {
    onLine: true,
    userAgent: navigator.userAgent,
    serviceWorker: {
      getRegistration: () => Promise.resolve(registration()),
      register: () => Promise.resolve(registration()),
    },
  })
}

beforeEach(async () => {
  giveWorkers()
  isOnline = true
  recalled = ''
  asked = []
  heldBack = []
  phone = setupPhone((sha256) => {
    asked.push(sha256)
    heldBack.push(...busyReasons.value)
    if (sha256 === recalled) return Promise.reject(new RemoteProblem('not-found', '没有找到'))
    const bytes = files.get(sha256)
    if (!isOnline || bytes === undefined) return Promise.reject(offlineProblem())
    return Promise.resolve({ bytes, mime: 'text/markdown' })
  })
  await giveBook(['一', '二'])
  const picture = { sha256: hashOf('三'), name: '三.png', mime: 'image/png', sizeBytes: bytesOf('三').length }
  await phone.give('lesson', 'l1', lessonFields({ attachments: [picture] }))
  await phone.give(
    'lesson',
    'l2',
    lessonFields({ withdrawn: true, attachments: [{ ...picture, sha256: 'x' }] }),
  )
})
afterEach(() => {
  endOfflineKeeper(phone.phone)
  for (const close of closing) close()
  closing = []
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

describe('what 离线保存 brings', () => {
  it('is every file of what can be read now, counted once', async () => {
    const plan = await readPlan(phone.phone)
    expect(plan.parts.map(({ key, files: of }) => [key, of.length])).toEqual([
      ['lessons', 1],
      ['books', 2],
    ])
    expect(plan.missing.map((file) => file.sha256)).toEqual(['三', '一', '二'].map(hashOf))
    await phone.blobs.keep(hashOf('一'))
    expect((await readPlan(phone.phone)).keptBytes).toBe(bytesOf('一').length)
  })
})

describe('of meetings', () => {
  const file = (name: string) => ({ sha256: hashOf(name), name, mime: 'text/plain', sizeBytes: 9 })
  const meeting = (id: string, date: string, name: string, over: object = {}) =>
    phone.give('meeting', id, {
      unitId: 'b1',
      kindId: 'k',
      title: id,
      date,
      sittings: [{ id: `${id}-s`, name: '全体', startsAt: Date.parse(date), place: '' }],
      agenda: '',
      chairId: null,
      recorderId: null,
      guests: [],
      attachments: [file(name)],
      state: 'planned',
      ...over,
    })
  const marked = (id: string, state: 'present' | 'leave') =>
    phone.give('roll-mark', `${id}-${state}`, {
      unitId: 'b1',
      meetingId: id,
      sittingId: `${id}-s`,
      personId: 'p1',
      name: '陈某某',
      state,
      method: 'tap',
      markedBy: 'x',
    } as never)
  const planned = async () =>
    (await readPlan(phone.phone)).parts
      .find(({ key }) => key === 'meetings')
      ?.files.map(({ sha256 }) => sha256) ?? []
  const day = (days: number) => new Date(phone.clock.now + days * 86_400_000).toISOString().slice(0, 10)

  it('materials of what is to come, and of what was missed those and the fixed minutes, until 补学 is written', async () => {
    await giveUnits(phone)
    await meeting('to-come', day(20), '甲')
    await meeting('called-off', day(20), '乙', { state: 'cancelled' })
    await meeting('of-others', day(20), '丙', { unitId: 'b2' })
    await meeting('came', day(-20), '丁')
    await marked('came', 'present')
    await meeting('missed', day(-20), '戊')
    await marked('missed', 'leave')
    await meeting('long-ago', day(-70), '己')
    await marked('long-ago', 'leave')
    for (const id of ['missed', 'came'])
      await phone.give('minutes', `${id}-fixed`, {
        unitId: 'b1',
        meetingId: id,
        title: id,
        stage: 'fixed',
        body: '',
        files: [file(`纪要 ${id}`)],
      } as never)
    expect(await planned()).toEqual(['甲', '戊', '纪要 missed'].map(hashOf))
    await phone.give('make-up', 'done', {
      unitId: 'b1',
      meetingId: 'missed',
      personId: 'p1',
      sentence: '看过了',
    } as never)
    expect(await planned()).toEqual([hashOf('甲')])
  })
})

describe('离线保存', () => {
  it('brings everything, holds back an update meanwhile, and brings later what is new', async () => {
    closing.push(keepAhead(phone.phone))
    await offlineKeeperOf(phone.phone).start()
    expect(await count()).toBe(3)
    expect(heldBack).toContain('离线保存')
    expect(busyReasons.value).toEqual([])
    await giveBook(['一', '二', '四'])
    await eventually(async () => expect(await count()).toBe(4))
  })
  it('goes on by itself when the network is back, and after a restart', async () => {
    isOnline = false
    const stop = keepAhead(phone.phone)
    await offlineKeeperOf(phone.phone).start()
    expect(offlineKeeperOf(phone.phone).run.value.problem).toContain('连上后自动接着保存')
    isOnline = true
    window.dispatchEvent(new Event('online'))
    await eventually(async () => expect(await count()).toBe(3))
    stop()
    await phone.db.blobs.clear()
    closing.push(keepAhead(phone.phone))
    await eventually(async () => expect(await count()).toBe(3))
  })
  it('brings nothing before it is asked for, nor after it was stopped', async () => {
    closing.push(keepAhead(phone.phone))
    isOnline = false
    await offlineKeeperOf(phone.phone).start()
    await offlineKeeperOf(phone.phone).stop()
    asked = []
    isOnline = true
    await offlineKeeperOf(phone.phone).wake()
    expect(asked).toEqual([])
  })
  it('does not ask again and again for a file that cannot be had', async () => {
    recalled = hashOf('一')
    const keeper = offlineKeeperOf(phone.phone)
    await keeper.start()
    expect(await count()).toBe(2)
    expect(keeper.run.value).toMatchObject({ isRunning: false, problem: null, leftOut: 1 })
    asked = []
    await keeper.wake()
    expect(asked).toEqual([])
  })
  it('says what to free when the disk is full, and keeps what has come', async () => {
    const { blobs } = phone
    let room = 1
    const full = {
      ...blobs,
      keep: (sha256: string) =>
        room-- > 0 ? blobs.keep(sha256) : Promise.reject(new StorageTrouble('quota', undefined)),
    }
    const keeper = createOfflineKeeper({ ...phone.phone, db: phone.db, blobs: full, now: phone.phone.now })
    await keeper.start()
    expect(keeper.run.value).toMatchObject({ isFull: true, isRunning: false })
    expect(keeper.run.value.problem).toContain('手机空间不足')
    expect(await count()).toBe(1)
  })
})

it('送达与存储 says of what is not here yet how much it is, and ready only of what is', async () => {
  closing.push((await openPage(phone, routes, '/me/delivery')).close)
  const said = () => document.body.textContent
  await eventually(() => expect(said()).toContain('正文、附件和图片还没有存还差 3 个'))
  expect(said()).toContain('口袋书的目录1 本，2 章已备好')
  await offlineKeeperOf(phone.phone).start()
  await eventually(() => expect(said()).toMatch(/正文、附件和图片已存 3 个 · \d+ B已备好/))
})

it('the page says how much, does it, and says what works without a network', async () => {
  closing.push((await openPage(phone, routes, '/me/offline')).close)
  await eventually(() => expect(document.body.textContent).toContain('口袋书'))
  expect(document.body.textContent).toContain('没有网络时')
  expect(document.body.textContent).toContain('先存本机，联网后自动送达')
  const button = [...document.querySelectorAll('button')].find((b) =>
    /离线保存（\d/.test(b.textContent ?? ''),
  )
  button?.click()
  await eventually(() => expect(document.body.textContent).toContain('没有网络也都能看'))
  expect(buttonSaying('停止')).toBeUndefined()
  expect(await count()).toBe(3)
})

describe('the app itself', () => {
  const said = () => document.body.textContent
  beforeEach(async () => {
    await offlineKeeperOf(phone.phone).start()
  })
  it('is not called ready while its files are coming, nor is anything else; then it is', async () => {
    isActive = false
    closing.push((await openPage(phone, routes, '/me/offline')).close)
    await eventually(() => expect(said()).toMatch(/应用本身.*正在存/))
    expect(said()).toContain('正在存到本机')
    expect(said()).not.toContain('没有网络也都能看')
    closing.push((await openPage(phone, routes, '/me/delivery')).close)
    await eventually(() => expect(said()).toContain('口袋书的目录'))
    expect(said()).not.toContain('已备好')
    installed()
    await eventually(() => expect(said()).toContain('没有网络也都能看'))
    // On both pages, of every row.
    await eventually(() => expect(said().match(/已备好/g)?.length).toBeGreaterThan(5))
  })
  it('is said to be half kept after it was broken off, and comes when it is asked for again', async () => {
    isActive = false
    const installing = worker!
    closing.push((await openPage(phone, routes, '/me/offline')).close)
    await eventually(() => expect(said()).toContain('正在存到本机'))
    worker = null
    installing.dispatchEvent(new Event('statechange'))
    await eventually(() => expect(said()).toContain('还没有存完'))
    worker = new EventTarget()
    buttonSaying('接着保存')?.click()
    await eventually(() => expect(said()).toContain('正在存到本机'))
    installed()
    await eventually(() => expect(said()).toContain('没有网络也都能看'))
  })
  it('is never ready where a browser has no worker', async () => {
    vi.stubGlobal('navigator', { onLine: true, userAgent: '' })
    closing.push((await openPage(phone, routes, '/me/offline')).close)
    await eventually(() => expect(said()).toContain('没有网络时打不开'))
    expect(said()).not.toContain('没有网络也都能看')
  })
})

it('has opened 离线保存: 今日 no longer offers it', async () => {
  expect(await isOfferAnswered(phone)).toBe(false)
  const page = await openPage(phone, routes, '/me/offline')
  closing.push(page.close)
  await eventually(async () => expect(await isOfferAnswered(phone)).toBe(true))
})
