import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  readBookFolder,
  readDocumentFolder,
  readLessonFolder,
  type FolderReading,
} from '../../../src/server/import/folder.ts'
import { makeDocx, makePdf, makeXlsx, oleFile, onePixelPng, utf8 } from './fixtures.ts'

const file = (path: string, content: string | Uint8Array) => ({
  path,
  bytes: typeof content === 'string' ? utf8(content) : content,
})
const refusals = ({ problems }: FolderReading<unknown>) =>
  problems.filter(({ severity }) => severity === 'refuse')
const clean = { problems: [] }

describe('lessons', () => {
  it('take week and column from the folders, title and body from the file', async () => {
    const text = '# 节前提醒\n\n正文\n'
    const read = await readLessonFolder([file('2026-W47/廉政提醒/节前.md', text)])
    expect(read).toMatchObject({
      ...clean,
      items: [
        { title: '节前提醒', week: '2026-W47', column: '廉政提醒', markdown: '正文\n', publishedAt: null },
      ],
    })
    expect(read.items[0]?.source).toMatchObject({
      kind: 'md',
      sha256: createHash('sha256').update(text).digest('hex'),
      warnings: [],
    })
  })

  it('the front matter goes before the folders; times are those of China whatever the zone of the machine', async () => {
    const text =
      '---\n标题: 题\n栏目: 通知要求\n周次: 2026年第48周\n发布时间: 2026-11-23 08:00\n范围: 全体\n---\n文'
    const read = await readLessonFolder([file('第47周\\廉政提醒\\a.md', text)])
    expect(read).toMatchObject({
      ...clean,
      items: [
        {
          title: '题',
          column: '通知要求',
          week: '2026-W48',
          publishedAt: Date.UTC(2026, 10, 23, 0),
          audience: '全体',
        },
      ],
    })
  })

  it.each([
    ['2026/第47周/党的理论/a.md', '2026-W47'],
    ['2026年/第四十七周/党的理论/a.md', '2026-W47'],
    ['2026年第7周/党的理论/a.md', '2026-W07'],
    ['党的理论/2026-11-16/a.md', '2026-W47'],
    ['2020-W53/党的理论/a.md', '2020-W53'],
    ['2027-01-01/党的理论/a.md', '2026-W53'],
  ])('%s is of the week %s', async (path, week) => {
    expect(await readLessonFolder([file(path, '文')])).toMatchObject({
      ...clean,
      items: [{ week, column: '党的理论', title: 'a' }],
    })
  })

  it.each([
    ['廉政提醒/a.md', '没有周次'],
    ['第47周/廉政提醒/a.md', '没有年份'],
    ['2025-W53/廉政提醒/a.md', '不存在'],
    ['2026-W47/a.md', '没有栏目'],
    ['2026-W00/廉政提醒/a.md', '不存在'],
  ])('%s is refused: %s', async (path, words) => {
    const read = await readLessonFolder([file(path, '文')])
    expect(read.items).toEqual([])
    expect(refusals(read)).toMatchObject([{ file: path, message: expect.stringContaining(words) }])
  })

  it('a year may come from outside', async () => {
    expect(
      (await readLessonFolder([file('第47周/廉政提醒/a.md', '文')], { year: 2026 })).items[0]?.week,
    ).toBe('2026-W47')
  })

  it('a wrong time is refused with its line, the same lesson twice with both files', async () => {
    const wrong = await readLessonFolder([
      file('2026-W47/廉政提醒/a.md', '---\n发布时间: 2026-02-30\n---\n文'),
    ])
    expect(refusals(wrong)).toMatchObject([{ line: 2, message: expect.stringContaining('2026-02-30') }])
    const twice = await readLessonFolder([
      file('2026-W47/廉政提醒/a.md', '# 题'),
      file('2026-W47/廉政提醒/b.md', '# 题'),
    ])
    expect(refusals(twice)).toMatchObject([
      { file: '2026-W47/廉政提醒/b.md', message: expect.stringContaining('a.md') },
    ])
  })

  it('a Word lesson is converted, its image is kept beside it', async () => {
    const docx = await makeDocx({ heading: '题', paragraphs: ['正文'], image: true })
    const read = await readLessonFolder([file('2026-W47/党建风采/01 文.docx', docx)])
    expect(read.items).toMatchObject([
      {
        title: '题',
        markdown: '正文\n\n![](blob:0)\n',
        source: { kind: 'docx', images: [{ mime: 'image/png' }] },
      },
    ])
  })
})

describe('books', () => {
  it('a folder is a book, its files in natural order are the chapters', async () => {
    const names = ['第十章 十.md', '第二章 二.md', '附录.md', '前言.md', '第一章 一.md']
    const read = await readBookFolder([
      ...names.map((name) => file(`学以致用/${name}`, '文')),
      file('学以致用/book.md', '---\n书名: 学以致用（示例）\n版次: 第二版\n编者: 党建科\n---\n'),
    ])
    expect(read.items).toMatchObject([{ title: '学以致用（示例）', edition: '第二版', author: '党建科' }])
    expect(read.items[0]?.chapters.map(({ title }) => title)).toEqual([
      '前言',
      '第一章 一',
      '第二章 二',
      '第十章 十',
      '附录',
    ])
    expect(read.problems).toEqual([])
  })

  it('numbers that only order the files are not in the titles', async () => {
    const read = await readBookFolder(
      ['10 丙.md', '2 乙.md', '01、甲.md'].map((name) => file(`书/${name}`, '文')),
    )
    expect(read.items[0]?.chapters.map(({ title }) => title)).toEqual(['甲', '乙', '丙'])
  })

  it('a single file is split at its headings', async () => {
    const text = '# 温故知新\n\n写在前面\n\n## 一\n\n文一\n\n```\n## 不是标题\n```\n\n## 二\n\n文二\n'
    const read = await readBookFolder([file('a.md', text)])
    expect(read.items).toMatchObject([
      {
        title: '温故知新',
        chapters: [
          { title: '前言', markdown: '写在前面\n' },
          { title: '一', markdown: '文一\n\n```\n## 不是标题\n```\n' },
          { title: '二', markdown: '文二\n' },
        ],
      },
    ])
  })

  it('several level-1 headings are the chapters, and their level 2 stays inside', async () => {
    const read = await readBookFolder([file('明辨笃行.md', '# 一\n\n## 甲\n\n文\n\n# 二\n\n文\n')])
    expect(read.items).toMatchObject([
      { title: '明辨笃行', chapters: [{ title: '一', markdown: '## 甲\n\n文\n' }, { title: '二' }] },
    ])
  })

  it('a Word book in a folder, and a text without headings', async () => {
    const read = await readBookFolder([
      file('甲书/文.docx', await makeDocx({ heading: '第一章', paragraphs: ['文'] })),
      file('人民至上.md', '只有正文'),
    ])
    expect(
      read.items.map(({ title, chapters }) => [title, ...chapters.map((chapter) => chapter.title)]),
    ).toEqual([
      ['甲书', '第一章'],
      ['人民至上', '人民至上'],
    ])
  })

  it('a book without text, and two books of one title, are refused', async () => {
    expect(
      refusals(await readBookFolder([file('空书/book.md', '---\n书名: 空书\n---\n')]))[0]?.message,
    ).toContain('没有章节文字')
    const two = await readBookFolder([file('书/1.md', '文'), file('书.md', '文')])
    expect(refusals(two)).toHaveLength(1)
  })
})

describe('documents', () => {
  it.each([
    ['办公室〔2026〕31号 关于学习的通知.pdf', '办公室〔2026〕31号', '关于学习的通知'],
    ['办公室[2026]31号关于学习的通知.pdf', '办公室〔2026〕31号', '关于学习的通知'],
    ['办公室（2026）031号_关于学习的通知.pdf', '办公室〔2026〕31号', '关于学习的通知'],
    ['01 办公室【2026】第31号：《关于学习的通知》.pdf', '办公室〔2026〕31号', '关于学习的通知'],
    ['来文/署办发(2026)5号.pdf', '署办发〔2026〕5号', '来自属性'],
    ['关于学习的通知.pdf', null, '关于学习的通知'],
    ['总结（2026）.pdf', null, '总结（2026）'],
  ])('%s', async (path, documentNumber, title) => {
    const read = await readDocumentFolder([file(path, await makePdf({ title: '来自属性', lines: ['text'] }))])
    expect(read.items).toMatchObject([
      { documentNumber, title, source: { kind: 'pdf', pageCount: 1, markdown: null } },
    ])
    expect(refusals(read)).toEqual([])
  })

  it('front matter and index.csv say more than the name; a deadline lasts to the end of the day', async () => {
    const index =
      '文件,标题,发文字号,发文单位,成文日期,截止\n甲.md,表中的题,办公室[2026]1号,办公室,2026-11-01,2026/11/20\n'
    const read = await readDocumentFolder([
      file('index.csv', index),
      file('甲.md', '---\n标题: 文中的题\n---\n文'),
    ])
    expect(read).toMatchObject({
      ...clean,
      items: [
        {
          title: '文中的题',
          documentNumber: '办公室〔2026〕1号',
          issuer: '办公室',
          issuedOn: '2026-11-01',
          deadline: Date.UTC(2026, 10, 20, 16) - 1,
        },
      ],
    })
  })

  it('an index that names a missing file, names one twice, or has no 文件 column', async () => {
    const read = await readDocumentFolder([
      file('index.csv', '文件\n没有.pdf\n甲.md\n甲.md'),
      file('甲.md', '文'),
    ])
    expect(refusals(read)).toMatchObject([
      { file: 'index.csv', line: 2 },
      { file: 'index.csv', line: 4 },
    ])
    const wrong = await readDocumentFolder([file('index.csv', '标题\n甲'), file('甲.md', '文')])
    expect(refusals(wrong)[0]?.message).toContain('缺少“文件”')
  })

  it('one number for two documents is refused, the same bytes twice is a warning', async () => {
    const read = await readDocumentFolder([
      file('办〔2026〕1号 甲.md', '文'),
      file('办[2026]01号 乙.md', '文'),
    ])
    expect(refusals(read)).toHaveLength(1)
    expect(read.problems.filter(({ severity }) => severity === 'warn')).toHaveLength(1)
  })

  it('a scan is let through with a warning that a person must look', async () => {
    const read = await readDocumentFolder([file('办〔2026〕1号 甲.pdf', await makePdf())])
    expect(read.items[0]?.source.warnings).toEqual([expect.stringContaining('人工核对')])
    expect(read.problems).toMatchObject([{ severity: 'warn' }])
  })
})

describe('a document of several files', () => {
  const main = '办〔2026〕1号 通知.pdf'
  const pdf = () => makePdf({ lines: ['x'] })

  it('has as attachments what lies in the folder of its name with 附件, in natural order', async () => {
    const read = await readDocumentFolder([
      file(main, await pdf()),
      file('办〔2026〕1号 通知附件/附件10 图.png', onePixelPng),
      file('办〔2026〕1号 通知附件/附件2 名单.md', '# 名单'),
      file('办〔2026〕2号 另一份.md', '文'),
    ])
    expect(refusals(read)).toEqual([])
    expect(read.items.map((item) => [item.source.path, item.attachments.map(({ path }) => path)])).toEqual([
      [main, ['办〔2026〕1号 通知附件/附件2 名单.md', '办〔2026〕1号 通知附件/附件10 图.png']],
      ['办〔2026〕2号 另一份.md', []],
    ])
    expect(read.items[0]?.attachments[1]?.cautions).toEqual(['是图片，系统看不到其中的文字'])
  })

  it('is refused when the document is missing, or there are too many', async () => {
    const lost = await readDocumentFolder([file(main, await pdf()), file('别的附件/a.md', '文')])
    expect(refusals(lost)).toMatchObject([
      { file: '别的附件/a.md', message: expect.stringContaining('“别的”') },
    ])
    const many = Array.from({ length: 21 }, (_, n) => file(`办〔2026〕1号 通知 附件/${n}.md`, `第 ${n}`))
    const read = await readDocumentFolder([file(main, await pdf()), ...many])
    expect(refusals(read)).toMatchObject([{ message: expect.stringContaining('最多 20 个') }])
  })
})

describe('what must not come in is refused, where and why', () => {
  const secretHeader = makeDocx({ paragraphs: ['文'], header: '机密★1年' })
  const secretTitle = makePdf({ title: '绝密名单', lines: ['x'] })

  it.each([
    ['空.md', new Uint8Array(), '空的'],
    ['只有空白.md', utf8(' \n\n'), '没有文字'],
    ['假.pdf', utf8('只是文字'), '其实是纯文字'],
    ['假.docx', onePixelPng, '其实是 PNG 图片'],
    ['假.md', utf8('<html><script>x</script></html>'), '其实是网页'],
    ['乱.md', Uint8Array.from([0xff, 0xff, 0, 1]), '编码'],
    ['旧.docx', oleFile('WordDocument'), '旧版'],
    ['密码.docx', oleFile('EncryptedPackage'), '密码'],
    ['断.docx', utf8('PK\u0003\u0004xxxx'), '损坏'],
    ['断.png', onePixelPng.slice(0, 40), '损坏'],
    ['表.xlsx', makeXlsx({ 甲: [['x']] }), '不支持'],
    ['../外面.md', utf8('文'), '文件夹之外'],
    ['机密名单.md', utf8('文'), '名称带有“机密”'],
    ['秘密/名单.md', utf8('文'), '名称带有“秘密”'],
    ['页眉.docx', secretHeader, '密级标志“机密”'],
    ['属性.pdf', secretTitle, '“绝密”'],
    ['声明.md', utf8('---\n密级: 秘密\n---\n文'), '第 2 行有密级标志“秘密”'],
    ['注释.md', utf8('文\n\n<!--\n秘密★1年\n-->\n'), '第 4 行'],
  ])('%s', async (path, bytes, words) => {
    const read = await readDocumentFolder([file(path, await bytes), file('好.md', '文')])
    expect(read.items.map(({ source }) => source.path)).toEqual(['好.md'])
    expect(refusals(read)[0]).toMatchObject({ file: path, message: expect.stringContaining(words) })
  })

  it('every refusal is a calm sentence', async () => {
    const files = [
      file('空.md', ''),
      file('假.pdf', 'x'),
      file('机密.md', '文'),
      file('a.ofd', 'x'),
      file('a.exe', 'MZ\u0000'),
    ]
    for (const { message } of refusals(await readDocumentFolder(files))) {
      expect(message).toMatch(/请.*。$/)
      expect(message).not.toMatch(/[!！]/)
    }
  })

  it('内部资料 warns and lets through', async () => {
    const read = await readDocumentFolder([file('办〔2026〕1号 甲.md', '内部资料 注意保存\n\n文')])
    expect(read.items[0]?.source.warnings).toHaveLength(2)
    expect(refusals(read)).toEqual([])
  })

  it('a lesson on secrecy law is let through', async () => {
    const text = '# 保守国家秘密\n\n国家秘密的密级分为绝密、机密、秘密三级。保守秘密，慎之又慎。\n'
    expect(await readLessonFolder([file('2026-W47/通知要求/保守国家秘密法.md', text)])).toMatchObject({
      ...clean,
      items: [{ title: '保守国家秘密' }],
    })
  })

  it('what systems leave behind is not looked at; a folder with nothing else is empty', async () => {
    const read = await readLessonFolder([
      file('.DS_Store', 'x'),
      file('2026-W47/~$文.docx', 'x'),
      file('__MACOSX/a.md', 'x'),
    ])
    expect(read).toMatchObject({
      items: [],
      problems: [{ severity: 'refuse', message: expect.stringContaining('没有可导入的文件') }],
    })
  })

  it('reading the same folder again gives the same', async () => {
    const files = [
      file('2026-W47/廉政提醒/a.md', '# 题\n\n文'),
      file('2026-W47/廉政提醒/b.docx', await makeDocx({ paragraphs: ['文'] })),
    ]
    expect(await readLessonFolder(files)).toEqual(await readLessonFolder(files.toReversed()))
  })
})
