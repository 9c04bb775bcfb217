/** Which parts of a meeting were changed after what is handed over: by field on the way, in words on both screens. */
import { canonicalJson } from '../../../../../shared/sync/canonical.ts'
import type { JsonObject, JsonValue } from '../../../../../shared/sync/json.ts'

/** As the form of a meeting calls them. */
const WORDS = new Map([
  ['kindId', '会议类型'],
  ['title', '会议名称'],
  ['date', '日期'],
  ['sittings', '场次的时间和地点'],
  ['agenda', '议程'],
  ['chairId', '主持人'],
  ['recorderId', '记录人'],
  ['guests', '列席'],
  ['attachments', '材料'],
  ['state', '取消或恢复'],
])

const says = (value: JsonValue | undefined): string => canonicalJson(value ?? null)

/** Names of the fields that read otherwise now. */
export function changedFields(before: JsonObject, now: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...names].filter((name) => says(before[name]) !== says(now[name]))
}

/** 场次的时间和地点、议程 — what a newer app may name is passed over. */
export function partsInWords(fields: readonly string[]): string {
  const parts = [...WORDS].filter(([field]) => fields.includes(field)).map(([, word]) => word)
  return parts.join('、') || '会议的内容'
}
