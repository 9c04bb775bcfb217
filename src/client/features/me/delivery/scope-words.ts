/** What a scope holds, as its reader would call it. */
import { parseScope } from '../../../../shared/sync/parse-scope.ts'
import type { PhoneDb } from '../../../storage/db.ts'

export async function scopeInWords(db: PhoneDb, scope: string, personId: string): Promise<string> {
  const parsed = parseScope(scope)
  const unit = parsed?.unitId === undefined ? undefined : await db.records('unit').get(parsed.unitId)
  const name = unit?.fields.name ?? '本单位'
  switch (parsed?.kind) {
    case 'org':
      return '全体人员共用的内容'
    case 'unit':
      return `${name}的内容`
    case 'desk':
      return `${name}的工作台`
    case 'file':
      return parsed.personId === personId ? `我在${name}的记录` : `${name}一位同志的记录`
    case 'private':
      return '我的私人内容'
    default:
      return '一部分内容'
  }
}
