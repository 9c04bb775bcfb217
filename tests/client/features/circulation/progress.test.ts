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
    await progress.enterPaper(line('p3'), '已在纸上签')
    await until(() => line('p3').state === 'signed')
    expect(line('p3').signOffs[0]?.fields).toMatchObject({
      mode: 'paper',
      personId: 'p3',
      signedBy: 'p1',
      signature: { kind: 'paper' },
    })
    expect(line('p3').signOffs[0]?.pending).toBe(1)
  })

  it('a paper entry never replaces what the person signed', async () => {
    await progress.enterPaper(line('p2'), '')
    expect(line('p2').signOffs.map((s) => s.id)).toEqual(['own'])
    const paper = stored('a', 'file:b1:p2', { ...signOffFields('p2', 1, SHA), mode: 'paper' as const })
    expect(
      shownSignOff([paper, stored('own', '', signOffFields('p2', 1, SHA))], revisionOf(1, SHA))?.id,
    ).toBe('own')
  })

  it('two presses enter one paper sign-off', async () => {
    await Promise.all([progress.enterPaper(line('p3'), ''), progress.enterPaper(line('p3'), '')])
    await until(() => line('p3').state === 'signed')
    expect(line('p3').signOffs).toHaveLength(1)
  })

  it('免签 and back are facts that replace each other', async () => {
    await progress.change(line('p3'), 'excuse', '长期病假')
    await until(() => line('p3').state === 'excused')
    expect(line('p3').reason).toBe('长期病假')
    expect(progress.figures.value.map((f) => f.value)).toEqual([2, 1, 0, 1, 1])
    await progress.change(line('p3'), 'restore', '已返岗')
    await until(() => line('p3').state === 'waiting')
    expect(await parts.db.records('recipient-change').count()).toBe(2)
  })
})

describe('somebody who came later', () => {
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
    await progress.enterPaper(line('p4'), '')
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
