/** What somebody wrote, out of a refused record: the words and figures, without ids, hashes and pictures. */
import type { JsonObject, JsonValue } from '../../../../shared/sync/json.ts'
import { SIGN_OFF_MODE_WORDS } from '../../../../shared/circulation/signing/sign-off.ts'
import { civilDate, monthInWords } from '../../../../shared/civil-time.ts'
import { LEAVE_WORDS, ROLL_STATE_WORDS } from '../../../../shared/meetings/mark-words.ts'

export interface FieldLine {
  name: string
  text: string
}

const NAMES: Record<string, string> = {
  text: '内容',
  body: '正文',
  title: '标题',
  opinion: '意见',
  reason: '理由',
  note: '备注',
  sentence: '说明',
  score: '分数',
  selfScore: '自评分',
  evidence: '依据',
  state: '状态',
  leaveKind: '请假种类',
  mode: '方式',
  month: '月份',
  week: '周',
  place: '地点',
  deadline: '截止',
  startsAt: '时间',
  name: '名称',
}

/** What is stored as a code, as its writer saw it. */
const WORDS: Record<string, Readonly<Record<string, string>>> = {
  state: ROLL_STATE_WORDS,
  leaveKind: LEAVE_WORDS,
  mode: SIGN_OFF_MODE_WORDS,
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path

function textOf(key: string, value: JsonValue): string | null {
  if (typeof value === 'number') return /(At|deadline)$/.test(key) ? civilDate(value) : String(value)
  if (typeof value !== 'string' || value.trim() === '') return null
  if (key === 'month') return monthInWords(value)
  if (key === 'week') return value.replace(/^(\d+)-W0?(\d+)$/, '$1 年第 $2 周')
  const words = WORDS[key]
  // A code of another kind of record has no words here, and says nothing to anybody.
  return words === undefined ? value : (words[value] ?? null)
}

function collect(value: JsonValue, path: string, into: FieldLine[]): void {
  const key = lastPart(path)
  if (value !== null && typeof value === 'object') {
    const entries = Array.isArray(value)
      ? value.map((inner) => [key, inner] as const)
      : Object.entries(value).map(([name, inner]) => [`${path}/${name}`, inner] as const)
    for (const [name, inner] of entries) if (inner !== undefined) collect(inner, name, into)
    return
  }
  const name = NAMES[key]
  const text = name === undefined ? null : textOf(key, value)
  if (name !== undefined && text !== null) into.push({ name, text })
}

export function fieldLines(fields: JsonObject): FieldLine[] {
  const lines: FieldLine[] = []
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) collect(value, name, lines)
  return lines.length > 0
    ? lines
    : [{ name: '内容', text: '这一条只有登记信息，没有文字。全部内容可用“复制内容”取出。' }]
}

/** Why, as far as it is in words for people: a path or a message of the program says nothing to them. The copy holds all of it. */
export function detailInWords(detail: string | undefined): string | null {
  const text = detail?.replace(/^[\w./-]+: /, '') ?? ''
  return /\p{Script=Han}/u.test(text) ? text : null
}
