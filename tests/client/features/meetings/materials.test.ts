// @vitest-environment happy-dom
/** Materials of a meeting from what the branch has in circulation: by its newest file, not what was recalled. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import MaterialsField from '../../../../src/client/features/meetings/form/MaterialsField.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { eventually } from '../../../support/eventually.ts'
import { arrive, BRANCH, setupPhone } from './fixtures.ts'

const file = (letter: string) => ({
  sha256: letter.repeat(64),
  name: `${letter}.pdf`,
  mime: 'application/pdf',
  sizeBytes: 9,
})
const circulation = (title: string, letters: string, state = 'open') => ({
  unitId: BRANCH,
  title,
  documentNo: '〔2026〕3 号',
  state,
  dispatchedAt: 1,
  revisions: [...letters].map((letter, at) => ({ revision: at + 1, file: file(letter) })),
})

it('takes the newest file of a document under the document’s title', async () => {
  const phone = setupPhone('p0')
  await arrive(phone.db, 'circulation', 'c1', circulation('关于值班的通知', 'ab'))
  await arrive(phone.db, 'circulation', 'c2', circulation('撤回的通知', 'c', 'recalled'))
  const wrapper = mount(MaterialsField, {
    props: { unitId: BRANCH, modelValue: [] },
    attachTo: document.body,
    global: { provide: { [phoneKey as symbol]: phone } },
  })
  const press = (name: string) =>
    eventually(() => {
      const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.includes(name))
      if (found === undefined) throw new Error(`no button ${name}`)
      found.click()
    })
  await press('选传阅的文件')
  await press('关于值班的通知')
  expect(document.body.textContent).not.toContain('撤回的通知')
  expect(wrapper.emitted('update:modelValue')).toEqual([[[{ ...file('b'), name: '关于值班的通知.pdf' }]]])
  wrapper.unmount()
})
