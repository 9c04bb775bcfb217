/**
 * A refused write beside what it has to be compared with: what stands now, where somebody else was first, and what its author had
 * written of it before. Nothing that was written is left out.
 */
import type { JsonObject } from '../../../../shared/sync/json.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { AttentionItem } from '../../../storage/rows.ts'
import { fieldLines, type FieldLine } from './field-lines.ts'
import { meetingLines } from './meeting-lines.ts'

export interface ComparedLine extends FieldLine {
  /** What stands now, where it reads otherwise; empty where nothing stands. */
  now?: string
}

export interface Compared {
  lines: ComparedLine[]
  /** The newest first: what it said otherwise than the last word. */
  earlier: { savedAt: number; lines: FieldLine[] }[]
}

/** By name; several of one name stand under one another. */
async function textsOf(db: PhoneDb, type: string, fields: JsonObject): Promise<Map<string, string>> {
  const lines = type === 'meeting' ? await meetingLines(db, fields) : fieldLines(fields)
  const texts = new Map<string, string>()
  for (const { name, text } of lines) {
    const before = texts.get(name)
    texts.set(name, before === undefined ? text : `${before}\n${text}`)
  }
  return texts
}

async function standingOf(db: PhoneDb, item: AttentionItem): Promise<JsonObject | undefined> {
  if (item.code !== 'stale-base' || item.conflict !== 'content' || item.op !== 'put') return undefined
  const row = await db.rows(item.type).get(item.id)
  return row?.fields ?? (item.standing?.deleted === false ? item.standing.fields : undefined)
}

export async function readCompared(db: PhoneDb, item: AttentionItem): Promise<Compared> {
  const own = await textsOf(db, item.type, item.fields)
  const standing = await standingOf(db, item)
  const now = standing === undefined ? own : await textsOf(db, item.type, standing)
  const names = [...new Set([...own.keys(), ...now.keys()])]
  const lines = names.map((name): ComparedLine => {
    const [text, there] = [own.get(name) ?? '', now.get(name) ?? '']
    return text === there ? { name, text } : { name, text, now: there }
  })
  const earlier = []
  for (const { savedAt, fields } of [...(item.earlier ?? [])].reverse()) {
    const texts = await textsOf(db, item.type, fields)
    const others = [...new Set([...texts.keys(), ...own.keys()])].filter(
      (name) => texts.get(name) !== own.get(name),
    )
    earlier.push({ savedAt, lines: others.map((name) => ({ name, text: texts.get(name) ?? '' })) })
  }
  return { lines, earlier }
}
