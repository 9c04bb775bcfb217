/** Who has signed and who hasn't, for the officers of a unit; and what an officer may enter for a person. */
import { computed, ref } from 'vue'
import {
  coverageOf,
  type RecipientLine,
  type RecipientState,
} from '../../../../shared/circulation/coverage.ts'
import { currentRevision } from '../../../../shared/circulation/revisions.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import { headsOf } from '../../../../shared/sync/merge.ts'
import { uuidv7 } from 'uuidv7'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import type { StoredSignOff } from '../circulation-lines.ts'
import { writeSignOff } from '../sign/sign-off-fact.ts'

/** A member of the branch now who is not on the list. */
export interface Candidate {
  personId: string
  name: string
}

export interface ProgressLine extends RecipientLine {
  signOffs: StoredSignOff[]
}

async function readProgress(phone: Phone, id: string) {
  const circulation = await phone.db.records('circulation').get(id)
  if (circulation === undefined) return null
  const [changes, signOffs, memberships] = await Promise.all([
    phone.db.records('recipient-change').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('membership').where('fields.unitId').equals(circulation.fields.unitId).toArray(),
  ])
  const coverage = coverageOf(circulation, changes, signOffs)
  const lines = coverage.lines as ProgressLine[]
  const listed = new Set(lines.map(({ personId }) => personId))
  const today = phone.now()
  const candidates = new Map<string, Candidate>()
  for (const { fields } of memberships)
    if (
      fields.memberKind !== 'none' &&
      !listed.has(fields.personId) &&
      spanHolds({ from: fields.from, to: fields.to ?? null }, today)
    )
      candidates.set(fields.personId, { personId: fields.personId, name: fields.name })
  return { circulation, changes, coverage, lines, candidates: [...candidates.values()] }
}

/** The heads of a person's changes, which a new change replaces. */
function headIds(
  changes: readonly { id: string; fields: { personId: string; supersedes?: string[] } }[],
  personId: string,
): string[] {
  const own = changes.filter((c) => c.fields.personId === personId)
  return headsOf(own.map((c) => ({ id: c.id, supersedes: c.fields.supersedes ?? [] }))).map((c) => c.id)
}

export function useProgress(id: string) {
  const phone = usePhone()
  const progress = useLiveOrLoading(() => readProgress(phone, id))
  const isBusy = ref(false)

  /** One act at a time: a second press while the first is written does nothing. */
  async function once(act: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    try {
      await act()
      return true
    } finally {
      isBusy.value = false
    }
  }

  /** 纸质补录: beside what the person signed before, never in its place; nothing when the revision is signed already. */
  const enterPaper = (line: ProgressLine, opinion: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      const standing = now?.lines.find((l) => l.personId === line.personId)
      if (!now || standing?.state === 'signed') return
      const { fields: circulation } = now.circulation
      await writeSignOff(
        phone,
        {
          circulationId: id,
          circulation,
          revision: currentRevision(circulation),
          personId: line.personId,
          addedBy: standing?.addedBy ?? null,
          mode: 'paper',
          signature: { kind: 'paper' },
          opinion,
        },
        uuidv7(),
      )
    })

  const change = (line: ProgressLine, kind: 'excuse' | 'restore', reason: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      if (!now) return
      await phone.store.put('recipient-change', {
        unitId: now.circulation.fields.unitId,
        circulationId: id,
        personId: line.personId,
        name: line.name,
        change: kind,
        reason,
        supersedes: headIds(now.changes, line.personId),
      })
    })

  /** Who came after the dispatch is asked too; nothing when the person is on the list already. */
  const add = (person: Candidate, reason: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      if (!now || now.lines.some((line) => line.personId === person.personId)) return
      await phone.store.put('recipient-change', {
        unitId: now.circulation.fields.unitId,
        circulationId: id,
        personId: person.personId,
        name: person.name,
        change: 'add',
        reason,
        supersedes: [],
      })
    })

  const figures = computed(() => {
    const c = progress.value?.coverage
    if (!c) return []
    return [
      { label: '应签', value: c.toSign },
      { label: '已签', value: c.signed },
      { label: '旧版已签', value: c.outdated },
      { label: '免签', value: c.excused },
      { label: '待阅', value: c.waiting },
    ]
  })
  return { progress, figures, isBusy, enterPaper, change, add }
}

export const FILTERS: readonly { value: string; label: string; states: readonly RecipientState[] }[] = [
  { value: 'open', label: '未签', states: ['waiting', 'outdated'] },
  { value: 'signed', label: '已签', states: ['signed'] },
  { value: 'excused', label: '免签', states: ['excused'] },
  { value: 'all', label: '全部', states: ['waiting', 'outdated', 'signed', 'excused'] },
]
