// @vitest-environment happy-dom
/** Materials of a meeting: what may not come in, and the newest file of what the branch has in circulation, not what was recalled. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import MaterialsField from '../../../../src/client/features/meetings/form/MaterialsField.vue'
import FilesField from '../../../../src/client/ui/files/FilesField.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { eventually } from '../../../support/eventually.ts'
import { arrive, BRANCH, setupPhone } from './fixtures.ts'

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

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

it('takes no file that the endpoint would refuse for its size, also with no network', async () => {
  const phone = setupPhone('p0')
  await phone.db.meta.put({ key: 'max-file-bytes', value: 10 })
  const put = vi.fn(() => Promise.resolve('e'.repeat(64)))
  phone.blobs = { put } as unknown as typeof phone.blobs
  const wrapper = mount(MaterialsField, {
    props: { unitId: BRANCH, modelValue: [] },
    global: { provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(wrapper.findComponent(FilesField).props('mostBytes')).toBe(10))
  const input = wrapper.get('input')
  Object.defineProperty(input.element, 'files', { value: [new File(['x'.repeat(11)], '大.txt')] })
  await input.trigger('change')
  await eventually(() => expect(wrapper.get('[role=alert]').text()).toContain('“大.txt”超过 10 B'))
  expect(put).not.toHaveBeenCalled()
})

describe('a file with a mark of secrecy inside', () => {
  const marked = '秘密★1年\n\n关于值班安排的通知'
  async function choose(name: string, content: string) {
    const phone = setupPhone('p0')
    const put = vi.fn(() => Promise.resolve('e'.repeat(64)))
    phone.blobs = { put } as unknown as typeof phone.blobs
    const wrapper = mount(MaterialsField, {
      props: { unitId: BRANCH, modelValue: [] },
      global: { provide: { [phoneKey as symbol]: phone } },
    })
    const input = wrapper.get('input')
    Object.defineProperty(input.element, 'files', { value: [new File([content], name)] })
    await input.trigger('change')
    return { wrapper, put }
  }

  it('is refused before it is kept, with no network too, whatever its name', async () => {
    const { wrapper, put } = await choose('通知.txt', marked)
    await eventually(() => expect(wrapper.get('[role=alert]').text()).toContain('文件里有密级标志“秘密”'))
    expect(put).not.toHaveBeenCalled()
  })

  it('that this phone cannot read is refused by the endpoint, in its words', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (path: string) => {
      asked.push(path)
      const error = { code: 'secrecy-mark', message: '文件里有密级标志“机密”，没有收下。' }
      return new Response(JSON.stringify({ error }), { status: 422 })
    })
    const { wrapper, put } = await choose('通知.pdf', '%PDF-1.7\0')
    await eventually(() => expect(wrapper.get('[role=alert]').text()).toContain('密级标志'))
    expect(asked.some((path) => path.startsWith(`/api/office/file-facts?unit=${BRANCH}`))).toBe(true)
    expect(put).not.toHaveBeenCalled()
  })

  it('plain words of the law, and a file that nobody can look at now, are taken', async () => {
    for (const [name, content] of [
      ['学习.txt', '学习保守国家秘密法，保守党的秘密。'],
      ['通知.pdf', '%PDF-1.7\0'],
    ] as const) {
      const { wrapper, put } = await choose(name, content)
      await eventually(() => expect(put).toHaveBeenCalledTimes(1))
      expect(wrapper.find('[role=alert]').exists()).toBe(false)
    }
  })
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
