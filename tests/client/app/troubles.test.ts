// @vitest-environment happy-dom
/** Each kind of trouble leads somewhere: a sentence, and a button where there is something to press. */
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../support/eventually.ts'
import { failureAfter, failureOf } from '../../../src/client/app/failure.ts'
import TroublePage from '../../../src/client/app/pages/TroublePage.vue'
import { createPhoneHolder, type FollowedSession } from '../../../src/client/app/session/phone-holder.ts'
import { StorageTrouble, type StorageTroubleKind } from '../../../src/client/storage/trouble.ts'
import type { OpenPhone } from '../../../src/client/sync/phone/open-phone.ts'

const KINDS = [
  'quota',
  'lost-connection',
  'private-mode',
  'blocked',
  'closed',
  'outdated',
  'wiped',
  'damaged',
  'other',
] as const satisfies StorageTroubleKind[]

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/:all(.*)*', component: {} }],
})
const open = (kind: StorageTroubleKind) =>
  mount(TroublePage, {
    props: { problem: new StorageTrouble(kind, undefined) },
    global: { plugins: [router] },
  })

describe('the page of a phone that did not open', () => {
  it.each(KINDS)('%s has a title, a sentence and a button', async (kind) => {
    const reload = vi.fn()
    vi.stubGlobal('location', { ...location, reload })
    const page = open(kind)
    const text = page.text()
    expect(text).toMatch(/请/)
    expect(text).not.toMatch(/undefined|Error|IndexedDB/)
    const button = page.get('button')
    await button.trigger('click')
    const isReopened = button.text().includes('重新打开')
    expect(isReopened ? reload.mock.calls.length : (page.emitted('again')?.length ?? 0)).toBe(1)
    expect(isReopened).toBe(['lost-connection', 'closed', 'outdated', 'wiped'].includes(kind))
    vi.unstubAllGlobals()
  })

  it('no two kinds say the same', () => {
    const said = KINDS.map((kind) => open(kind).text())
    expect(new Set(said).size).toBe(KINDS.length)
    const sentences = KINDS.map((kind) => new StorageTrouble(kind, undefined).message)
    expect(new Set(sentences).size).toBe(KINDS.length)
  })
})

describe('trouble under the running app', () => {
  it.each<[StorageTroubleKind, string | null]>([
    ['quota', 'clear-up'],
    ['lost-connection', 'reopen'],
    ['closed', 'reopen'],
    ['outdated', 'reopen'],
    ['wiped', 'reopen'],
    ['private-mode', null],
    ['blocked', null],
    ['damaged', null],
    ['other', null],
  ])('%s is told with the act %s', (kind, act) => {
    const trouble = new StorageTrouble(kind, undefined)
    expect(failureOf(trouble)).toMatchObject({ text: trouble.message, act })
    expect(trouble.message).toContain('没有存下')
  })

  it('a download that was stopped is none', () => {
    expect(failureOf(new DOMException('stopped', 'AbortError'))).toBeNull()
  })

  it('what follows from a database that ended does not take its sentence and its button away', () => {
    const wiped = failureOf(new StorageTrouble('wiped', undefined))
    expect(failureAfter(wiped, new StorageTrouble('other', undefined))).toBe(wiped)
    expect(failureAfter(wiped, new Error('a reader of it'))).toBe(wiped)
    expect(failureAfter(wiped, new DOMException('stopped', 'AbortError'))).toBe(wiped)
    const other = failureOf(new StorageTrouble('other', undefined))
    const lost = failureOf(new StorageTrouble('lost-connection', undefined))
    expect(failureAfter(null, new StorageTrouble('other', undefined))).toEqual(other)
    // A connection comes back: what fails after it is news.
    expect(failureAfter(lost, new StorageTrouble('other', undefined))).toEqual(other)
    expect(failureAfter(other, new StorageTrouble('wiped', undefined))).toEqual(wiped)
  })
})

it('a window that waits for another one says so, and opens by itself when that is closed', async () => {
  const session = {
    person: { id: 'p', staffNo: '1', name: '李' },
    deviceId: 'd',
    keyId: null,
    state: 'signed-in' as const,
  } satisfies FollowedSession
  let finish: (phone: OpenPhone) => void = () => undefined
  const begin = vi.fn()
  const phone = {
    deviceId: 'd',
    engine: { start: begin },
    close: async () => undefined,
  } as unknown as OpenPhone
  const holder = createPhoneHolder(session, () => new Promise((resolve) => (finish = resolve)))
  await eventually(() => expect(holder.state.value.type).toBe('opening'))
  const blocked = new StorageTrouble('blocked', undefined)
  holder.noteBlocked(blocked)
  expect(holder.state.value).toEqual({ type: 'opening', blockedBy: blocked })
  finish(phone)
  await eventually(() => expect(holder.state.value).toEqual({ type: 'open', phone }))
  expect(begin).toHaveBeenCalledOnce()
  // Too late: it is open.
  holder.noteBlocked(blocked)
  expect(holder.state.value.type).toBe('open')
})
