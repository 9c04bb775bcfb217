// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from 'vue'
import { useProgress } from '../../../../src/client/features/circulation/progress/useProgress.ts'
import ProgressPage from '../../../../src/client/features/circulation/progress/ProgressPage.vue'
import { shownSignOff } from '../../../../src/client/features/circulation/circulation-lines.ts'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import {
  circulationFields,
  mountAt,
  OFFICER,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const SHA = 'a'.repeat(64)
let parts: ReturnType<typeof setupPhone>
let app: ReturnType<typeof createApp>
let progress: ReturnType<typeof useProgress>
const enterPaper = (of: ReturnType<typeof line>, opinion: string, part: object = {}) =>
  progress.acts.enterPaper(of, { revision: 1, opinion, scan: null, ...part })
const line = (personId: string) => progress.progress.value!.lines.find((l) => l.personId === personId)!

beforeEach(async () => {
  parts = setupPhone()
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revisionOf(1, SHA)])))
  await parts.db.records('sign-off').put(stored('own', 'file:b1:p2', signOffFields('p2', 1, SHA)))
  app = createApp({
    setup: () => {
      progress = useProgress('c1')
      return () => null
    },
  })
  app.provide(phoneKey, parts.phone).mount(document.createElement('div'))
  await until(() => progress.progress.value !== undefined)
})
afterEach(() => {
  app.unmount()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

describe('what an officer enters', () => {
  it('a paper sign-off names the officer and the person', async () => {
    await enterPaper(line('p3'), '已在纸上签')
    await until(() => line('p3').state === 'signed')
    expect(line('p3').signOffs[0]?.fields).toMatchObject({
      mode: 'paper',
      personId: 'p3',
      signedBy: 'p1',
      signature: { kind: 'paper' },
    })
    expect(line('p3').signOffs[0]?.pending).toBe(1)
  })

  it('a paper entry stands beside what the person signed and waits to be settled; entered twice it is one', async () => {
    await enterPaper(line('p2'), '请抓落实')
    await enterPaper(line('p2'), '请抓落实')
    await until(() => line('p2').signOffs.length === 2)
    const { counts, beside, isOpen } = line('p2').standing
    expect([counts?.id, beside.length, isOpen]).toEqual(['own', 1, true])
    expect(shownSignOff(line('p2').signOffs, revisionOf(1, SHA))?.id).toBe('own')

    await progress.acts.settle(line('p2'), beside[0]!.id, '意见写在纸上')
    await until(() => !line('p2').standing.isOpen)
    expect(line('p2').standing.counts?.fields.opinion).toBe('请抓落实')
    // A second thought replaces the first.
    await progress.acts.settle(line('p2'), 'own', '本人确认')
    await until(() => line('p2').standing.counts?.id === 'own')
    expect(line('p2').standing.isOpen).toBe(false)
    expect(await parts.db.records('sign-off').count()).toBe(2)
  })

  it('a paper entry keeps its scan on the phone until the endpoint has it, and names it', async () => {
    await enterPaper(line('p3'), '', { scan: new Blob(['picture'], { type: 'image/png' }) })
    await until(() => line('p3').state === 'signed')
    const { scanSha256 } = line('p3').signOffs[0]!.fields
    expect(scanSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(await parts.phone.blobs.has(scanSha256!)).toBe(true)
  })

  it('two presses enter one paper sign-off', async () => {
    await Promise.all([enterPaper(line('p3'), ''), enterPaper(line('p3'), '')])
    await until(() => line('p3').state === 'signed')
    expect(line('p3').signOffs).toHaveLength(1)
  })

  it('免签 and back are facts that replace each other', async () => {
    await progress.acts.change(line('p3'), 'excuse', '长期病假')
    await until(() => line('p3').state === 'excused')
    expect(line('p3').reason).toBe('长期病假')
    expect(progress.figures.value.map((f) => f.value)).toEqual([2, 1, 0, 1, 1])
    await progress.acts.change(line('p3'), 'restore', '已返岗')
    await until(() => line('p3').state === 'waiting')
    expect(await parts.db.records('recipient-change').count()).toBe(2)
  })
})

const membership = (personId: string, name: string, part: object = {}) =>
  stored(`m-${personId}`, 'unit:b1', {
    personId,
    unitId: 'b1',
    name,
    memberKind: 'full' as const,
    from: '2020-01-01',
    to: null,
    ...part,
  } as never)

describe('a substitute', () => {
  beforeEach(async () => {
    await parts.db.records('membership').bulkPut([membership('p1', '陈思远'), membership('p2', '王丽')])
    await until(() => progress.progress.value!.members.length === 2)
  })
  const wang = { personId: 'p2', name: '王丽' }

  it('is named with a reason and stands until that is ended; paper ends it too', async () => {
    await progress.acts.nameSubstitute(line('p3'), wang, '外出培训')
    await until(() => line('p3').substitutions.length === 1)
    expect(line('p3').substitutions[0]).toMatchObject({ substituteName: '王丽', reason: '外出培训' })
    expect(line('p3').state).toBe('waiting')
    await progress.acts.change(line('p3'), 'restore', '已返岗')
    await until(() => line('p3').substitutions.length === 0)
    await progress.acts.nameSubstitute(line('p3'), wang, '又外出')
    await until(() => line('p3').substitutions.length === 1)
    await enterPaper(line('p3'), '')
    await until(() => line('p3').substitutions.length === 0)
    expect(line('p3').state).toBe('signed')
  })

  it('is never the person, the officer who names, or somebody of another branch', async () => {
    for (const one of [
      { personId: 'p3', name: '赵敏' },
      { personId: 'p1', name: '陈思远' },
      { personId: 'p9', name: '外人' },
    ])
      await progress.acts.nameSubstitute(line('p3'), one, '外出培训')
    expect(await parts.db.records('recipient-change').count()).toBe(0)
  })
})

describe('somebody who came later', () => {
  it('is offered when a member of the branch now and not on the list, and is put on it once with the reason', async () => {
    await parts.db
      .records('membership')
      .bulkPut([
        membership('p2', '王丽'),
        membership('p4', '何晓'),
        membership('p5', '群众', { memberKind: 'none' }),
        membership('p6', '调走', { to: '2026-01-01' }),
      ])
    await until(() => progress.progress.value!.candidates.length > 0)
    expect(progress.progress.value!.candidates).toEqual([{ personId: 'p4', name: '何晓' }])
    const [person] = progress.progress.value!.candidates
    await Promise.all([progress.add(person!, '新转入'), progress.add(person!, '新转入')])
    await progress.add(person!, '又一次')
    await until(() => progress.progress.value!.lines.length === 4)
    expect(line('p4')).toMatchObject({ state: 'waiting', name: '何晓' })
    const changes = await parts.db.records('recipient-change').toArray()
    expect(changes.map(({ fields }) => [fields.change, fields.reason])).toEqual([['add', '新转入']])
    await enterPaper(line('p4'), '')
    await until(() => line('p4').state === 'signed')
    expect(line('p4').signOffs[0]!.fields.changeId).toBe(changes[0]!.id)
  })
})

describe('the page', () => {
  it('shows an officer who has not signed, in the order of the roster', async () => {
    await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
    const { wrapper } = await mountAt(
      ProgressPage,
      '/circulation/:id/progress',
      '/circulation/c1/progress',
      parts,
    )
    await until(() => wrapper.text().includes('赵敏'))
    const names = wrapper.findAll('.row .words').map((w) => w.text())
    expect(names).toEqual(['陈思远', '赵敏'])
    expect(wrapper.find('dl').text().replace(/\s/g, '')).toBe('应签3已签1旧版已签0免签0待阅2')
    wrapper.unmount()
  })

  it('leads the keyboard into the field of the act that was chosen', async () => {
    await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
    const { wrapper } = await mountAt(
      ProgressPage,
      '/circulation/:id/progress',
      '/circulation/c1/progress',
      parts,
    )
    await until(() => wrapper.text().includes('赵敏'))
    const row = wrapper.findAll('.row').find((r) => r.text().includes('赵敏'))!
    await row.trigger('click')
    const press = (words: string) =>
      [...document.querySelectorAll<HTMLElement>('[role=dialog] button')]
        .find((b) => b.textContent?.trim() === words)!
        .click()
    await until(() => document.querySelector('[role=dialog]')?.textContent?.includes('免签') === true)
    press('免签')
    await until(() => document.activeElement?.tagName === 'TEXTAREA')
    wrapper.unmount()
  })

  it('shows nothing of the others to who is no officer', async () => {
    const { wrapper } = await mountAt(
      ProgressPage,
      '/circulation/:id/progress',
      '/circulation/c1/progress',
      parts,
    )
    await until(() => wrapper.text().includes('这里由支部委员查看'))
    expect(wrapper.text()).not.toContain('王丽')
    wrapper.unmount()
  })
})
