// @vitest-environment happy-dom
/** Files that minutes name: the one at hand is told to be it, or not, by its content and never by its name. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import NamedFiles from '../../../../src/client/features/verify/NamedFiles.vue'
import type { NamedFile } from '../../../../src/shared/meetings/bundle/named-files.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { eventually } from '../../../support/eventually.ts'

const named: NamedFile[] = [
  { about: 'attachment', name: '签到表.txt', sha256: sha256Hex('签到'), sizeBytes: 6, isDoubted: false },
  { about: 'material', name: '议题.txt', sha256: sha256Hex('议题'), sizeBytes: null, isDoubted: false },
]
const tags = (wrapper: ReturnType<typeof mount>) => wrapper.text().split('相符').length - 1

it('says which of them is the one, which is none, and which could not be read; another bundle begins anew', async () => {
  const wrapper = mount(NamedFiles, { props: { named } })
  const digits = named[0]!.sha256
  expect(wrapper.text()).toContain(`附件 · 6 B · 指纹前八位 ${digits.slice(0, 4)} ${digits.slice(4, 8)}`)
  expect(tags(wrapper)).toBe(0)
  const input = wrapper.get('input')
  const choose = async (...files: File[]) => {
    Object.defineProperty(input.element, 'files', { value: files, configurable: true })
    await input.trigger('change')
  }
  const unreadable = new File(['x'], '坏的.txt')
  unreadable.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'))
  await choose(new File(['签到'], '改了名.txt'), new File(['签到。'], '签到表.txt'), unreadable)
  await eventually(() => expect(wrapper.text()).toContain('“坏的.txt”读不出来'))
  expect(wrapper.text()).toContain('“签到表.txt”不是其中的')
  expect(wrapper.text()).not.toContain('“改了名.txt”')
  expect(tags(wrapper)).toBe(1)
  await choose(new File(['议题'], '议题.txt'))
  await eventually(() => expect(tags(wrapper)).toBe(2))
  expect(wrapper.text()).not.toContain('不是其中的')
  await wrapper.setProps({ named: [...named] })
  expect(tags(wrapper)).toBe(0)
})

it('a file that only minutes name which do not hold is not said to be the one, and why', async () => {
  const wrapper = mount(NamedFiles, { props: { named: named.map((file) => ({ ...file, isDoubted: true })) } })
  expect(wrapper.text()).toContain('这份名单不能作准')
  const input = wrapper.get('input')
  Object.defineProperty(input.element, 'files', { value: [new File(['签到'], '签到表.txt')] })
  await input.trigger('change')
  await eventually(() => expect(wrapper.text()).toContain('名单存疑'))
  expect(tags(wrapper)).toBe(0)
  await wrapper.setProps({ named })
  expect(wrapper.text()).not.toContain('不能作准')
})

it('knows a photo by what it was before the place was left out of it', async () => {
  const comment = [0xff, 0xfe, 0, 6, 0x45, 0x31, 0x32, 0x31]
  const rest = [0xff, 0xda, 0, 2, 1, 0xff, 0xd9]
  const taken = Uint8Array.from([0xff, 0xd8, ...comment, ...rest])
  const kept = Uint8Array.from([0xff, 0xd8, ...rest])
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', kept)).toString('hex')
  const about = { about: 'attachment' as const, isDoubted: false }
  const photo: NamedFile = { ...about, name: '会场.jpg', sha256, sizeBytes: kept.length }
  for (const bytes of [taken, kept]) {
    const wrapper = mount(NamedFiles, { props: { named: [photo] } })
    const input = wrapper.get('input')
    const files = [new File([bytes], 'IMG_1.jpg', { type: 'image/jpeg' })]
    Object.defineProperty(input.element, 'files', { value: files, configurable: true })
    await input.trigger('change')
    await eventually(() => expect(tags(wrapper)).toBe(1))
  }
})
