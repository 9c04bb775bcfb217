/** The demo bureau with the longest names and titles that one meets: eleven characters with a dot, titles of sixty. */
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { fillSmall, type HallFill } from './fill-small.ts'
import { put, rowsOf } from './rewrite.ts'

const NAMES = ['阿卜杜热西提·买买提依明', '古丽巴哈尔·阿不都克里木', '欧阳端木', '尼加提·吐尔逊买买提']
const TITLE =
  '关于进一步做好岁末年初高峰时段窗口延时服务、预约服务、上门服务和政务服务热线值守工作安排并做好群众解释工作有关事项的通知（示例）'
const UNIT = '行政审批和政务服务管理局驻市民服务中心综合受理窗口联合'
const long = (text: string) => `${text.replace('（示例）', '')}：${TITLE}`.slice(0, 56) + '（示例）'

/** The same name wherever the person stands. */
const named = (fields: JsonObject): JsonObject => {
  const digit = Number.parseInt(String(fields['personId']).slice(-1), 16)
  return { ...fields, name: NAMES[digit % NAMES.length]! }
}

const changeOf: Readonly<Record<string, (fields: JsonObject) => JsonObject>> = {
  person: named,
  membership: named,
  unit: (fields) => ({ ...fields, name: `${UNIT}${String(fields['name'])}` }),
  lesson: (fields) => ({ ...fields, title: long(String(fields['title'])) }),
  book: (fields) => ({ ...fields, title: long(String(fields['title'])) }),
  'book-chapter': (fields) => ({ ...fields, title: long(String(fields['title'])) }),
  meeting: (fields) => ({ ...fields, title: long(String(fields['title'])) }),
  document: (fields) => ({ ...fields, title: long(String(fields['title'])), issuer: UNIT }),
  circulation: (fields) => ({
    ...fields,
    title: long(String(fields['title'])),
    issuer: UNIT,
    recipients: (fields['recipients'] as JsonObject[]).map(named),
  }),
}

export async function fillLongNames(given: HallFill): Promise<void> {
  await fillSmall(given)
  await given.store.write([], async (tx) => {
    for (const [type, change] of Object.entries(changeOf))
      for (const row of await rowsOf(tx, type))
        await put(tx, type, { ...row, fields: change(row.fields) }, given.now)
  })
}
