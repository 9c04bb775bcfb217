import { describe, expect, it } from 'vitest'
import {
  parseRoster,
  readRosterFile,
  type ParsedRoster,
  type RosterOptions,
} from '../../../src/server/import/roster.ts'
import { gbRoster, makeDocx, makeXlsx, makeZip, oleFile, utf16le, utf8 } from './fixtures.ts'

const anyUnits: RosterOptions = { createUnits: true }

/** A sheet as it would be read, from row 1. */
function sheetOf(...rows: string[][]) {
  return { rows: rows.map((cells, index) => ({ row: index + 1, cells, numericColumns: [] })) }
}

const parse = (...rows: string[][]) => parseRoster(sheetOf(...rows), anyUnits)
const withPerson = (headings: string[], cells: string[]) =>
  parse(['工号', '姓名', ...headings], ['001', '张三', ...cells])
const refusals = ({ problems }: ParsedRoster) => problems.filter(({ severity }) => severity === 'refuse')

async function readSheet(bytes: Uint8Array, name: string) {
  const sheet = await readRosterFile(bytes, name)
  if (sheet.type === 'refused') throw new Error(sheet.message)
  return sheet
}

describe('people are read', () => {
  it('with the headings in any order, and other words for them', () => {
    const { people, problems, columns } = parse(
      [
        '党员类型',
        '所在党支部',
        '小组',
        '职工号',
        '姓 名*',
        '部门（业务）',
        '派出单位',
        '党内职务',
        '排序',
        '党总支',
      ],
      [
        '中共党员',
        '一支部',
        '甲组',
        ' 0 07 ',
        '张　三',
        '审批科',
        '住建局',
        '副书记、党小组组长',
        '3',
        '第一总支',
      ],
    )
    expect(problems).toEqual([])
    expect(people).toEqual([
      {
        row: 2,
        staffNo: '007',
        name: '张三',
        committee: '第一总支',
        branch: '一支部',
        group: '甲组',
        section: '审批科',
        postingUnit: '住建局',
        partyStatus: 'full',
        roles: [{ role: 'branch-officer', title: '副书记' }, { role: 'group-leader' }],
        handOrder: 3,
      },
    ])
    expect(columns).toHaveLength(10)
  })

  it('below a title in merged cells, with rows that are blank, repeated headings and a footer', () => {
    const { people, problems } = parse(
      ['2026年大厅人员名册', '', ''],
      ['', '', ''],
      ['工号', '姓名', '支部'],
      ['001', '张三', '一支部'],
      ['', '', ''],
      ['工号', '姓名', '支部'],
      ['002', '李四', '一支部'],
      ['合计：2人', '', ''],
    )
    expect(people.map(({ row, name }) => `${row} ${name}`)).toEqual(['4 张三', '7 李四'])
    expect(problems).toMatchObject([{ row: 8, severity: 'notice' }])
  })

  it.each([
    ['正式党员', 'full'],
    ['预备党员', 'probationary'],
    ['中共预备党员', 'probationary'],
    ['留党察看', 'under-probation'],
    ['正式党员（留党察看）', 'under-probation'],
    ['群众', 'none'],
    ['共青团员', 'none'],
    ['', 'none'],
  ])('党员类别 “%s” is %s', (word, partyStatus) => {
    expect(withPerson(['党员类别'], [word])).toMatchObject({ people: [{ partyStatus }], problems: [] })
  })

  it.each([
    ['支部书记', [{ role: 'branch-officer', title: '支部书记' }]],
    ['组织委员，纪检委员', ['组织委员', '纪检委员'].map((title) => ({ role: 'branch-officer', title }))],
    ['科室评分人;党建科', [{ role: 'section-scorer' }, { role: 'office' }]],
    ['系统管理员/评分人', [{ role: 'administrator' }, { role: 'section-scorer' }]],
    ['', []],
    ['无', []],
  ])('职务 “%s”', (word, roles) => {
    expect(withPerson(['职务', '支部', '科室'], [word, '一支部', '审批科'])).toMatchObject({
      people: [{ roles }],
      problems: [],
    })
  })

  it.each([
    ['张 三', '张三'],
    ['欧阳　修', '欧阳修'],
    ['阿依古丽•买买提', '阿依古丽·买买提'],
    ['John  Smith', 'John Smith'],
  ])('the name “%s” is %s', (written, name) => {
    expect(parse(['工号', '姓名'], ['001', written]).people[0]?.name).toBe(name)
  })
})

describe('a problem says row, column, what and what to do', () => {
  it.each([
    ['an empty 工号', ['', '张三'], 'A', '是空的'],
    ['an empty name', ['001', ' '], 'B', '是空的'],
    ['a number in scientific notation', ['1.2E+17', '张三'], 'A', '科学计数'],
    ['an ID number', ['11010519491231002X', '张三'], 'A', '不收集'],
    ['letters that are no number', ['张三丰', '张三'], 'A', '不是工号'],
    ['a formula error', ['#N/A', '张三'], 'A', '公式错误'],
  ])('%s', (_name, cells, column, words) => {
    const parsed = parse(['工号', '姓名'], cells)
    expect(refusals(parsed)[0]).toMatchObject({ row: 2, column, message: expect.stringContaining(words) })
    expect(refusals(parsed)[0]?.message).toMatch(/^第 2 行 [AB] 列“(工号|姓名)”.*。$/)
  })

  it.each([
    ['党小组 without 支部', ['党小组'], ['甲组'], '没有支部'],
    ['an unknown 党员类别', ['党员类别'], ['神仙'], '“神仙”认不出'],
    ['an officer without 支部', ['职务'], ['支部书记'], '“支部”是空的'],
    ['a scorer without 科室', ['职务'], ['评分人'], '“科室”是空的'],
  ])('%s', (_name, headings, cells, words) => {
    expect(refusals(withPerson(headings, cells))[0]?.message).toContain(words)
  })

  it('an unknown duty is told and gives no rights', () => {
    const { people, problems } = withPerson(['职务'], ['科长、系统管理元'])
    expect(people[0]?.roles).toEqual([])
    expect(
      problems.map(
        ({ severity, message }) => `${severity} ${message.includes('科长') || message.includes('管理元')}`,
      ),
    ).toEqual(['warn true', 'warn true'])
  })

  it('two people with one 工号, written differently: both rows are named', () => {
    const parsed = parse(['工号', '姓名'], ['a01', '张三'], ['002', '李四'], ['Ａ０１', '王五'])
    expect(refusals(parsed)).toMatchObject([
      { row: 4, column: 'A', message: expect.stringMatching(/第 4 行.*第 2 行.*张三、王五/) },
    ])
  })

  it('the same person twice counts once; with other content it is refused', () => {
    const same = parse(['工号', '姓名', '支部'], ['001', '张三', '一支部'], ['001', '张 三', '一支部'])
    expect(same.people).toHaveLength(1)
    expect(same.problems).toMatchObject([{ row: 3, severity: 'notice' }])
    expect(
      refusals(parse(['工号', '姓名', '支部'], ['001', '张三', '一支部'], ['001', '张三', '二支部'])),
    ).toHaveLength(1)
  })

  it('007 and 7 are two numbers', () => {
    expect(parse(['工号', '姓名'], ['007', '张三'], ['7', '李四']).people).toHaveLength(2)
  })

  it('two names for what may be one branch', () => {
    const { problems } = parse(
      ['工号', '姓名', '支部'],
      ['1', '张三', '窗口一支部'],
      ['2', '李四', '窗口一党支部'],
    )
    expect(problems).toMatchObject([{ row: 3, severity: 'warn' }])
  })
})

describe('headings', () => {
  it('a missing one is named, with the row and what was found', () => {
    const [problem] = refusals(parse(['名册', ''], ['姓名', '支部'], ['张三', '一支部']))
    expect(problem).toMatchObject({ row: 2, heading: '工号' })
    expect(problem?.message).toContain('找到的列有：姓名、支部')
  })

  it('none at all: the first row is quoted', () => {
    expect(refusals(parse(['苹果', '梨'], ['1', '2']))[0]?.message).toContain('苹果、梨')
  })

  it.each(['身份证号', '公民身份号码', '居民身份证', '证件号码'])(
    '%s is refused, and no such value is repeated',
    (heading) => {
      const parsed = withPerson([heading], ['110105194912310021'])
      expect(refusals(parsed)).toMatchObject([{ row: 1, column: 'C', heading }])
      expect(JSON.stringify(parsed)).not.toContain('110105')
    },
  )

  it('手机, 住址 and unknown columns are left out, and this is said', () => {
    const parsed = withPerson(['手机号', '家庭住址', '爱好'], ['13800000000', '某路', '棋'])
    expect(parsed.problems.map(({ severity, column }) => `${severity} ${column}`)).toEqual([
      'notice C',
      'notice D',
      'notice E',
    ])
    expect(JSON.stringify(parsed)).not.toContain('13800000000')
  })

  it('one item in two columns is refused', () => {
    expect(refusals(withPerson(['支部', '党支部'], ['一', '二']))[0]).toMatchObject({ column: 'D' })
  })

  it('alone, without people, are refused', () => {
    expect(refusals(parse(['工号', '姓名']))[0]?.message).toContain('下面没有人员')
  })
})

describe('branches that do not exist', () => {
  const sheet = sheetOf(
    ['工号', '姓名', '支部'],
    ['1', '张三', '窗口一党支部'],
    ['2', '李四', '神秘支部'],
    ['3', '王五', '窗口二支部'],
  )

  it('are refused when no units may be created, with the name that was probably meant', () => {
    const parsed = parseRoster(sheet, {
      createUnits: false,
      knownBranches: new Set(['窗口一支部', '窗口二支部']),
    })
    expect(refusals(parsed).map(({ row }) => row)).toEqual([2, 3])
    expect(refusals(parsed)[0]?.message).toContain('系统里有“窗口一支部”')
  })

  it('are new units otherwise', () => {
    expect(refusals(parseRoster(sheet, { createUnits: true, knownBranches: new Set() }))).toEqual([])
  })
})

describe('spreadsheet files', () => {
  it('keep zeros that the number format shows, and warn where they may be lost', async () => {
    const xlsx = await makeXlsx({
      名册: [
        ['工号', '姓名'],
        [{ value: 12, format: '000000' }, '张三'],
        ['000013', '李四'],
        [14, '王五'],
      ],
    })
    const { people, problems } = parseRoster(await readSheet(xlsx, '名册.xlsx'), anyUnits)
    expect(people.map(({ staffNo }) => staffNo)).toEqual(['000012', '000013', '14'])
    expect(problems).toMatchObject([{ row: 4, column: 'A', severity: 'warn' }])
  })

  it('fill cells that are merged downwards, and keep row numbers over empty rows', async () => {
    const xlsx = await makeXlsx({
      名册: [
        [{ value: '大厅名册', columnSpan: 3 }, null, null],
        [null, null, null],
        ['支部', '工号', '姓名'],
        [{ value: '一支部', rowSpan: 2 }, '1', '张三'],
        [null, '2', '李四'],
        ['二支部', '3', '王五'],
      ],
    })
    const { people } = parseRoster(await readSheet(xlsx, '名册.xlsx'), anyUnits)
    expect(people.map(({ row, branch }) => `${row} ${branch}`)).toEqual(['4 一支部', '5 一支部', '6 二支部'])
  })

  it('with several sheets: the first with the headings is taken, and this is said', async () => {
    const sheet = await readSheet(
      await makeXlsx({
        说明: [['填写说明']],
        名册: [
          ['工号', '姓名'],
          ['1', '张三'],
        ],
        旧: [['工号', '姓名']],
      }),
      'a.xlsx',
    )
    expect(sheet.sheetName).toBe('名册')
    expect(parseRoster(sheet, anyUnits).problems[0]?.message).toMatch(/“名册”.*“说明”.*“旧”/)
  })
})

describe('CSV files', () => {
  it.each([
    ['GB18030', gbRoster],
    ['UTF-8 with BOM', utf8('\uFEFF工号,姓名\r\n001,张三\r\n')],
    ['UTF-16 with tabs', utf16le('工号\t姓名\r\n001\t张三')],
    ['semicolons', utf8('工号;姓名\n001;张三')],
    ['the ="001" of Excel', utf8('工号,姓名\n"=""001""",张三')],
    ['an apostrophe', utf8("工号,姓名\n'001,张三")],
  ])('%s', async (_name, bytes) => {
    expect(parseRoster(await readSheet(bytes, '名册.csv'), anyUnits)).toMatchObject({
      people: [{ row: 2, staffNo: '001', name: '张三' }],
      problems: [],
    })
  })

  it('row numbers are those of the spreadsheet, also over blank lines and cells of two lines', async () => {
    const { people } = parseRoster(
      await readSheet(utf8('工号,姓名,支部\n\n1,张三,"一\n支部"\n2,李四,二支部'), 'a.csv'),
      anyUnits,
    )
    expect(people.map(({ row }) => row)).toEqual([3, 4])
  })

  it('a quote without its pair is refused with its line', async () => {
    expect(await readRosterFile(utf8('工号,姓名\n1,"张三\n2,李四'), 'a.csv')).toMatchObject({
      type: 'refused',
      message: expect.stringMatching(/第 \d+ 行/),
    })
  })
})

describe('a file that is no roster is refused with a sentence', () => {
  it.each([
    ['an empty file', 'a.csv', new Uint8Array(), '空的'],
    ['only blanks', 'a.csv', utf8(' \n,,\n'), '没有内容'],
    ['text named .xlsx', 'a.xlsx', utf8('工号,姓名'), '以 .xlsx 结尾'],
    ['a web page named .xls', 'a.xls', utf8('<html><table></table></html>'), '网页'],
    ['the old format', 'a.xls', oleFile('Workbook'), '旧版'],
    ['a password', 'a.xlsx', oleFile('EncryptedPackage'), '密码'],
    ['a PDF', 'a.xlsx', utf8('%PDF-1.7'), '不是表格'],
    [
      'a damaged sheet',
      'a.xlsx',
      makeZip({ '[Content_Types].xml': '<x/>', 'xl/workbook.xml': '<workbook' }),
      '损坏',
    ],
    [
      'paths that lead outside',
      'a.xlsx',
      makeZip({ '[Content_Types].xml': '<x/>', 'xl/workbook.xml': '<x/>', '../x': 'x' }),
      '指向外部',
    ],
  ])('%s', async (_name, name, bytes, words) => {
    expect(await readRosterFile(bytes, name)).toEqual({
      type: 'refused',
      message: expect.stringContaining(words),
    })
  })

  it('a spreadsheet named .csv, a document named .xlsx, a spreadsheet cut in the middle', async () => {
    const xlsx = await makeXlsx({ 名册: [['工号', '姓名']] })
    expect((await readRosterFile(xlsx, 'a.csv')).type).toBe('refused')
    expect((await readRosterFile(await makeDocx({ paragraphs: ['x'] }), 'a.xlsx')).type).toBe('refused')
    expect((await readRosterFile(xlsx.subarray(0, 900), 'a.xlsx')).type).toBe('refused')
  })
})
