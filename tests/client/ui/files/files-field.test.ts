// @vitest-environment happy-dom
/** A list of files: what enters is kept, once, under a name that a record takes; what does not enter is said by name. */
import { flushPromises, mount } from '@vue/test-utils'
import * as v from 'valibot'
import { afterEach, expect, it, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import FilesField from '../../../../src/client/ui/files/FilesField.vue'
import { nameOfFile, type FileGate } from '../../../../src/client/ui/files/taken-files.ts'
import { StorageTrouble } from '../../../../src/client/storage/trouble.ts'
import { FileRef } from '../../../../src/shared/fields.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

const keepBytes = (bytes: ArrayBuffer): Promise<string> => Promise.resolve(sha256Hex(new Uint8Array(bytes)))
const file = (name: string, text = name): File => new File([text], name, { type: 'text/plain' })

function open(more: { keep?: typeof keepBytes; gate?: FileGate; most?: number; mostBytes?: number } = {}) {
  const list = ref<FileRef[]>([])
  const busy = ref(false)
  const wrapper = mount(FilesField, {
    attachTo: document.body,
    props: {
      heading: '附件',
      counter: '个附件',
      addLabel: '加附件',
      keep: keepBytes,
      ...more,
      modelValue: list.value,
      'onUpdate:modelValue': (files: FileRef[]) => {
        list.value = files
        return wrapper.setProps({ modelValue: files })
      },
      'onUpdate:busy': (is: boolean) => {
        busy.value = is
        return wrapper.setProps({ busy: is })
      },
    },
  })
  const choose = (...files: File[]): void => {
    const input = wrapper.get('input')
    Object.defineProperty(input.element, 'files', { value: files, configurable: true })
    void input.trigger('change')
  }
  const settled = () => vi.waitFor(() => expect(wrapper.find('[aria-busy]').exists()).toBe(false))
  const take = async (...files: File[]): Promise<void> => {
    choose(...files)
    await nextTick()
    await settled()
    await flushPromises()
  }
  const names = () => list.value.map(({ name }) => name)
  const refusals = () => wrapper.findAll('[role=alert] p').map((line) => line.text())
  return { wrapper, list, busy, choose, settled, take, names, refusals }
}

it('keeps what was chosen under its hash, and the record takes each', async () => {
  const kept: string[] = []
  const { take, list } = open({
    keep: async (bytes) => {
      kept.push(await keepBytes(bytes))
      return kept.at(-1)!
    },
  })
  await take(file('甲.txt'), file('乙.txt'))
  expect(list.value.map(({ sha256 }) => sha256)).toEqual(kept)
  expect(list.value).toEqual([
    { sha256: kept[0], name: '甲.txt', mime: 'text/plain', sizeBytes: 7 },
    { sha256: kept[1], name: '乙.txt', mime: 'text/plain', sizeBytes: 7 },
  ])
  for (const each of list.value) expect(v.is(FileRef, each)).toBe(true)
})

it('says of each file why it was not taken, and takes the others', async () => {
  const { take, names, refusals } = open({ mostBytes: 40 })
  const gone = file('云盘.pdf')
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'))
  await take(
    file('空.txt', ''),
    file('大.txt', 'x'.repeat(41)),
    file('机密★3年.pdf'),
    gone,
    file('保守国家秘密教育.txt'),
    file('议程.txt'),
  )
  expect(names()).toEqual(['保守国家秘密教育.txt', '议程.txt'])
  expect(refusals()).toEqual([
    '“空.txt”是空的，没有加上。请重新选一个。',
    '“大.txt”超过 40 B，没有加上。请压缩或拆开后再加。',
    '“机密★3年.pdf”的名称带有“机密”字样，没有加上。涉密文件不得进入本系统。',
    '“云盘.pdf”读不出来，没有加上。请重新选一次。',
  ])
})

it('keeps nothing of a file that the gate turns away', async () => {
  const keep = vi.fn(keepBytes)
  const gate: FileGate = (_, bytes) =>
    Promise.resolve(new TextDecoder().decode(bytes).includes('秘密★') ? '里面有密级标志。' : undefined)
  const { take, names, refusals } = open({ keep, gate })
  await take(file('名单.txt', '秘密★一年'), file('议程.txt'))
  expect(names()).toEqual(['议程.txt'])
  expect(refusals()).toEqual(['“名单.txt”没有加上。里面有密级标志。'])
  expect(keep).toHaveBeenCalledTimes(1)
})

it('takes no content twice, whatever its name, and no more than the record may hold', async () => {
  const { take, names, refusals } = open({ most: 3 })
  await take(file('甲.txt', '一'), file('甲的副本.txt', '一'), file('甲.txt', '一'))
  expect(names()).toEqual(['甲.txt'])
  expect(refusals()).toEqual(['“甲的副本.txt”和“甲.txt”内容相同，没有重复加上。', '“甲.txt”已经在里面。'])
  await take(...['二', '三', '四', '五'].map((text) => file(`${text}.txt`)))
  expect(names()).toEqual(['甲.txt', '二.txt', '三.txt'])
  expect(refusals()).toEqual(['最多 3 个附件，有 2 个文件没有加上。请先移除不用的。'])
})

it('says what the disk said, keeps what was taken before, and can be tried again', async () => {
  let room = 1
  const { take, names, refusals } = open({
    keep: (bytes) =>
      room-- > 0 ? keepBytes(bytes) : Promise.reject(new StorageTrouble('quota', new Error('full'))),
  })
  await take(file('甲.txt'), file('乙.txt'), file('丙.txt'))
  expect(names()).toEqual(['甲.txt'])
  expect(refusals()).toEqual([new StorageTrouble('quota', null).message])
  room = 9
  await take(file('乙.txt'))
  expect(names()).toEqual(['甲.txt', '乙.txt'])
  expect(refusals()).toEqual([])
})

it('is busy while it reads: which file and how many, and no second choice in between', async () => {
  const waiting: (() => void)[] = []
  const { wrapper, choose, settled, busy, names } = open({
    keep: async (bytes) => {
      await new Promise<void>((go) => waiting.push(go))
      return keepBytes(bytes)
    },
  })
  choose(file('甲.txt'), file('乙.txt'))
  await vi.waitFor(() => expect(waiting).toHaveLength(1))
  expect(busy.value).toBe(true)
  expect(wrapper.get('[role=status]').text()).toBe('正在加第 1 个，共 2 个：甲.txt')
  choose(file('丙.txt'))
  waiting.shift()?.()
  await vi.waitFor(() => expect(wrapper.get('[role=status]').text()).toBe('正在加第 2 个，共 2 个：乙.txt'))
  waiting.shift()?.()
  await settled()
  await flushPromises()
  expect(names()).toEqual(['甲.txt', '乙.txt'])
  expect(busy.value).toBe(false)
})

it('stops where it is when the page is left', async () => {
  const waiting: (() => void)[] = []
  const { wrapper, choose } = open({
    keep: async (bytes) => {
      await new Promise<void>((go) => waiting.push(go))
      return keepBytes(bytes)
    },
  })
  choose(file('甲.txt'), file('乙.txt'))
  await vi.waitFor(() => expect(waiting).toHaveLength(1))
  wrapper.unmount()
  waiting.shift()?.()
  await flushPromises()
  expect(waiting).toHaveLength(0)
})

it('removes one, and the keyboard goes on at the button', async () => {
  const { wrapper, take, names } = open()
  await take(file('甲.txt'), file('乙.txt'))
  const remove = wrapper.get('[aria-label="移除 甲.txt"]')
  ;(remove.element as HTMLElement).focus()
  await remove.trigger('click')
  await flushPromises()
  expect(names()).toEqual(['乙.txt'])
  expect(document.activeElement?.textContent?.trim()).toBe('加附件')
})

it('shortens a name before its extension and never within a letter', () => {
  const long = nameOfFile(`${'𠮷'.repeat(150)}.docx`)
  expect(long).toBe(`${'𠮷'.repeat(97)}.docx`)
  expect(nameOfFile(`  ${'长'.repeat(300)}  `)).toBe('长'.repeat(200))
  expect(nameOfFile('   ')).toBe('未命名的文件')
  expect(nameOfFile('.pdf')).toBe('.pdf')
  for (const name of [long, nameOfFile('   ')])
    expect(v.is(FileRef, { sha256: 'a'.repeat(64), name, mime: '', sizeBytes: 0 })).toBe(true)
})
