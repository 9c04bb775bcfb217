/** Records of about 1 KB, the same for everyone who stores them: half lessons for all, half reflections shared in one branch. */
import { columnId } from '../../../src/server/commands/make-bureau.ts'
import type { WriteTx } from '../../../src/server/store/record-store.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'

const SIGNS =
  '一乙二十丁七人八九几了力又三干工土士下大上小口山千川个久及广门义之己子也马开夫元专云木五支不太历友比互切少日中内水见午牛手气毛升长仁什片仆化仅反介父从今分公仓月氏勿欠风丹匀勾六文方火为斗忆计订户认心尺引丑巴孔以允予劝双书幻玉刊示末未击打巧正扑功扔去甘世古节本术可丙左厉石右布龙平灭轧东卡北占业旧帅归目旦且叶甲申叮电号田由只央史兄叼叫另叹四生失禾丘付仗代仙们仪白仔他斥瓜乎丛令用甩印乐句'

/** Text that repeats itself no more than a real one does; the same for the same number. */
export function textOf(number: number, length: number): string {
  let state = (number * 2_654_435_761 + 97) >>> 0
  let text = ''
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += at % 24 === 23 ? '，' : SIGNS[(state >>> 8) % SIGNS.length]
  }
  return text
}

export const benchId = (kind: string, number: number): string =>
  `${kind}-${String(number).padStart(8, '0')}-7000-8000-0123456789ab`

export interface NewRecord {
  type: string
  id: string
  fields: JsonObject
}

const WEEK = '2026-W47'
const PUBLISHED = Date.parse('2026-11-16T00:00:00Z')

function lessonOf(number: number): NewRecord {
  const id = benchId('le', number)
  const fields = {
    issueId: id,
    unitId: null,
    week: WEEK,
    columnId: columnId('廉政提醒'),
    title: `示例一课 ${number}`,
    body: textOf(number, 180),
    attachments: [],
    publishAt: PUBLISHED + number,
    revision: 1,
    revisedAt: null,
    revisionNote: '',
    withdrawn: false,
  }
  return { type: 'lesson', id, fields }
}

export function reflectionOf(number: number, unitId: string, personId = idFrom('writer', '1')): NewRecord {
  const fields = {
    personId,
    name: '示例作者',
    unitId,
    lessonId: benchId('le', number - (number % 2)),
    lessonTitle: `示例一课 ${number}`,
    text: textOf(number, 200),
    supersedes: [],
  }
  return { type: 'shared-reflection', id: benchId('re', number), fields }
}

export const recordOf = (number: number, unitId: string): NewRecord =>
  number % 2 === 0 ? lessonOf(number) : reflectionOf(number, unitId)

/** As the endpoint would store it, without asking who may: a hundred thousand in a few seconds. */
export async function putQuickly(tx: WriteTx, record: NewRecord, now: number): Promise<void> {
  const definition = definitionOf(record.type)!
  const scope = definition.scopeOf(record.fields)
  const isFact = definition.conflict === 'fact'
  await tx.putRecord({
    ...(await tx.nextRevision(scope)),
    type: record.type,
    id: record.id,
    schemaVersion: definition.schemaVersion,
    deleted: false,
    fields: JSON.stringify(record.fields),
    author: 'bench',
    observedAt: now,
    receivedAt: now,
    hash: isFact ? '0'.repeat(64) : null,
    clocks: null,
    history: null,
    person: definition.personOf?.(record.fields) ?? null,
    subject: definition.subject?.(record.fields) ?? null,
  })
}
