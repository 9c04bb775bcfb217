/**
 * Who has signed and who hasn't: a pure function of the circulation, the changes of its recipients and the sign-offs.
 * The order in which they arrived does not matter. Apart from coverage.ts, so that the first screen brings no hash function.
 */
import { headsOf } from '../../sync/heads.ts'
import type { Circulation } from '../circulation.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { currentRevision } from '../document/revisions.ts'
import type { SignOff } from '../signing/sign-off.ts'

/**
 *   waiting   待阅
 *   signed    已签: the current revision
 *   outdated  版本已更新: signed an older revision; asked again, the old sign-off is kept
 *   excused   免签, with a reason
 */
export type RecipientState = 'waiting' | 'signed' | 'outdated' | 'excused'
export const RECIPIENT_STATE_WORDS = {
  waiting: '待阅',
  signed: '已签',
  outdated: '版本已更新',
  excused: '免签',
} as const

export interface Stored<Fields> {
  id: string
  fields: Fields
}

export interface RecipientLine {
  personId: string
  name: string
  state: RecipientState
  reason: string
  /** The change that put the person on the list after dispatch; null for who was on it from the start. */
  addedBy: string | null
  /** All sign-offs of the person, newest revision first; several of one revision may stand beside each other. */
  signOffs: Stored<SignOff>[]
}

export interface Coverage {
  lines: RecipientLine[]
  /** Of those who are to sign: excused people are not counted. */
  toSign: number
  signed: number
  outdated: number
  excused: number
  waiting: number
}

export function recipientStateBy(
  c: Circulation,
  signOffs: readonly SignOff[],
  covered: string | null,
): 'waiting' | 'signed' | 'outdated' {
  const newest = currentRevision(c)
  const isOfNewest = (s: SignOff) =>
    s.revision === newest.revision && (covered === null || s.sha256 === covered)
  if (signOffs.some(isOfNewest)) return 'signed'
  return signOffs.length > 0 ? 'outdated' : 'waiting'
}

/** Ids are unique: what no other rule decides is decided by them, so that the order of arrival never shows. */
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * @param covered what a sign-off of the newest revision has to name; null: its number is enough. A phone holds only sign-offs
 *   whose hash was compared when they were written, and again at the endpoint, and a revision that was sent never changes
 */
export function coverageBy(
  c: Stored<Circulation>,
  changes: readonly Stored<RecipientChange>[],
  signOffs: readonly Stored<SignOff>[],
  covered: string | null,
): Coverage {
  const mine = changes.filter((x) => x.fields.circulationId === c.id)
  const heads = headsOf(mine.map((x) => ({ ...x, supersedes: x.fields.supersedes ?? [] }))).sort(byId)
  const names = new Map(c.fields.recipients.map((r) => [r.personId, r.name]))
  // Of all changes, not of the heads: who was added and then excused still stands on the list.
  const addedBy = new Map<string, string>()
  for (const { id, fields } of [...mine].sort(byId)) {
    if (fields.change !== 'add' || names.has(fields.personId)) continue
    names.set(fields.personId, fields.name)
    addedBy.set(fields.personId, id)
  }
  const excuses = new Map(
    heads.filter((h) => h.fields.change === 'excuse').map((h) => [h.fields.personId, h.fields.reason]),
  )
  // Once, not for each name: a branch's three hundred circulations hold thousands.
  const given = signOffs.filter((s) => s.fields.circulationId === c.id)
  const lines = [...names].map(([personId, name]): RecipientLine => {
    const own = given
      .filter((s) => s.fields.personId === personId)
      .sort(
        (a, b) =>
          b.fields.revision - a.fields.revision || a.fields.signedAt - b.fields.signedAt || byId(a, b),
      )
    const state = recipientStateBy(
      c.fields,
      own.map((s) => s.fields),
      covered,
    )
    const excuse = excuses.get(personId)
    const excused = excuse !== undefined && state !== 'signed'
    return {
      personId,
      name,
      state: excused ? 'excused' : state,
      reason: excused ? excuse : '',
      addedBy: addedBy.get(personId) ?? null,
      signOffs: own,
    }
  })
  const count = (state: RecipientState) => lines.filter((line) => line.state === state).length
  const excused = count('excused')
  return {
    lines,
    toSign: lines.length - excused,
    signed: count('signed'),
    outdated: count('outdated'),
    excused,
    waiting: count('waiting'),
  }
}
