// @vitest-environment happy-dom
/** Files chosen at the desk: what is refused, with which sentence, and what is told of what is taken. */
import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import {
  readChosen,
  type AskFacts,
} from '../../../../../src/client/features/circulation/desk/files/read-chosen.ts'
import {
  checkForm,
  countWarnings,
  EMPTY_FORM,
} from '../../../../../src/client/features/circulation/desk/form/document-form.ts'
import { offlineProblem, RemoteProblem } from '../../../../../src/client/remote/call.ts'
import { lookAtFile } from '../../../../../src/server/import/file/look-at-file.ts'
import { badFiles } from '../../../../support/files/bad-files.ts'
import { docxOf, jpegOf, ofdOf, pdfOf, pngOf, utf8 } from '../../../../support/files/make-files.ts'

/** The browser's pdf.js is an address of the built app; Node's is the same library. */
vi.mock('../../../../../src/client/features/circulation/reader/open-pdf.ts', () => ({
  openPdf: async (bytes: ArrayBuffer) => {
    const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
    const task = pdfjs.getDocument({ data: new Uint8Array(bytes), verbosity: 0 })
    try {
      return { document: await task.promise, close: () => task.destroy() }
    } catch (error) {
      throw new Error('unreadable', { cause: error })
    }
  },
}))

const LIMIT = 50 * 1024 * 1024
/** The endpoint's answer, without the way to it. */
const online: AskFacts = async (name, bytes) => {
  const looked = await lookAtFile(bytes, name)
  if (looked.type === 'refused') throw new RemoteProblem(looked.code, looked.message)
  return looked.facts!
}
const offline: AskFacts = async () => {
  throw offlineProblem()
}
const choose = (name: string, bytes: Uint8Array | string, ask = online, limit = LIMIT) =>
  readChosen(new File([bytes as Uint8Array<ArrayBuffer>], name), limit, ask)
const sentenceOf = async (answer: ReturnType<typeof choose>) => {
  const { type, ...rest } = await answer
  expect(type).toBe('refused')
  return (rest as { sentence: string }).sentence
}

const bad = await badFiles()

describe('is refused with a sentence', () => {
  it.each(bad)('$what', async ({ name, bytes, words, what }) => {
    const sentence = await sentenceOf(choose(name, bytes))
    // Text named PDF is told from no other text; what it is not is said.
    expect(sentence).toMatch(what === 'text named PDF' ? /只能登记/ : words)
    expect(sentence).toMatch(/。$/)
    expect(sentence).not.toMatch(/[!！]/)
  })

  it.each([
    ['an empty file', 'a.md', '', '是空的'],
    ['a name with a mark', '机密名单.pdf', 'x', '“机密”'],
    ['a name too long', `${'长'.repeat(200)}.md`, '文', '超过 200 字'],
    ['what phones may not show', 'a.gif', 'GIF89a', 'PNG 或 JPEG'],
    ['WebP', 'a.webp', 'RIFF0000WEBPVP8 ', 'PNG 或 JPEG'],
    ['a program', 'a.exe', 'MZ\u0000', '只能登记'],
    ['a table', 'a.csv', '甲,乙', '只能登记'],
    ['a page of HTML after a remark', 'a.md', '<!-- x --> <html><script>1</script>', '网页'],
  ])('%s', async (_what, name, text, words) => {
    expect(await sentenceOf(choose(name, text))).toContain(words)
  })

  it('what is larger than the endpoint takes', async () => {
    const limit = 2 * 1024 * 1024
    expect(await sentenceOf(choose('a.md', new Uint8Array(limit + 1).fill(0x61), online, limit))).toContain(
      '超过 2 MB',
    )
  })

  it.each(['a.docx', 'a.ofd'])('%s without a network, and what to do', async (name) => {
    const bytes = name === 'a.docx' ? docxOf('文') : ofdOf(['文'])
    expect(await sentenceOf(choose(name, bytes, offline))).toContain('请联网后再选，或另存为 PDF')
  })
})

describe('is taken', () => {
  it.each([
    ['通知.pdf', pdfOf(['A plain page']), { kind: 'pdf', mime: 'application/pdf', pages: 1, warnings: [] }],
    ['扫描.pdf', pdfOf([]), { pages: 1, warnings: ['是扫描件，系统看不到其中的文字'] }],
    ['通知.md', utf8('# 通知'), { kind: 'md', mime: 'text/markdown', reading: null, warnings: [] }],
    ['通知.txt', utf8('内部资料'), { kind: 'txt', mime: 'text/plain', warnings: ['有“内部资料”字样'] }],
    ['图.png', pngOf(9, 9), { kind: 'png', warnings: ['是图片，系统看不到其中的文字'] }],
    ['照片.JPG', jpegOf(4000, 3000), { kind: 'jpeg', mime: 'image/jpeg' }],
  ])('%s, without a network', async (name, bytes, facts) => {
    expect(await choose(name, await bytes, offline)).toMatchObject({ type: 'file', file: { name, ...facts } })
  })

  it('a picture under the other picture name, as what it is: every phone shows both', async () => {
    expect(await choose('图.jpg', pngOf(9, 9))).toMatchObject({ file: { kind: 'png', mime: 'image/png' } })
  })

  it('a Word file with its text for reading', async () => {
    const answer = await choose('通知.docx', docxOf('关于值守的通知'))
    expect(answer).toMatchObject({ file: { kind: 'docx', pages: null, warnings: [] } })
    const { reading } = (answer as { file: { reading: Uint8Array } }).file
    expect(new TextDecoder().decode(reading)).toBe('关于值守的通知\n')
  })

  it('a text in the encoding of old desktops, made readable by the endpoint', async () => {
    // 工号,姓名 in GB18030
    const gb = Uint8Array.from([0xb9, 0xa4, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb])
    const answer = await choose('a.txt', gb)
    const { reading } = (answer as { file: { reading: Uint8Array } }).file
    expect(new TextDecoder().decode(reading)).toBe('工号,姓名\n')
    expect(await sentenceOf(choose('a.txt', gb, offline))).toContain('请联网')
  })
})

describe('the form of a document', () => {
  const filled = { ...EMPTY_FORM, title: '延时服务的通知' }
  const file = (name: string, ...warnings: string[]) => ({ name, warnings })
  const one = [file('a.pdf')]
  const ticked = { isDeclared: true, isLooked: false }
  it.each([
    ['a marked title', { ...filled, title: '关于某事的通知（秘密）' }, one, ticked, 'title'],
    ['a marked number', { ...filled, documentNo: '机密〔2026〕1号' }, one, ticked, 'documentNo'],
    [
      'a marked instruction',
      { ...filled, instructions: '密级：机密。请传阅。' },
      one,
      ticked,
      'instructions',
    ],
    ['a marked file', filled, [file('绝密文件.pdf')], ticked, 'file'],
    ['a marked attachment', filled, [...one, file('绝密文件.pdf')], ticked, 'file'],
    ['no declaration', filled, one, { ...ticked, isDeclared: false }, 'declaration'],
    ['no file', filled, [], ticked, 'file'],
    ['no title', EMPTY_FORM, one, ticked, 'title'],
    ['a warning in a name that nobody looked at again', filled, [file('内部资料.pdf')], ticked, 'looked'],
    ['a warning in the title', { ...filled, title: '内部资料汇编' }, one, ticked, 'looked'],
    ['a warning in a text', filled, [...one, file('b.pdf', '有“不予公开”字样')], ticked, 'looked'],
  ] as const)('%s is refused', (_name, text, files, ticks, key) => {
    expect(Object.keys(checkForm(text, files, ticks))).toEqual([key])
  })

  it('passes when everything is there, and what asked for it was looked at again', () => {
    expect(checkForm(filled, one, ticked)).toEqual({})
    const warned = [file('内部资料.pdf', '有“不得外传”字样')]
    expect(countWarnings(filled, warned)).toBe(2)
    expect(checkForm(filled, warned, { ...ticked, isLooked: true })).toEqual({})
  })
})
