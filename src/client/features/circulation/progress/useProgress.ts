/** Who has signed and who hasn't, for the officers of a unit; and what an officer may enter for a person. */
import { computed, ref } from 'vue'
import type { RecipientState } from '../../../../shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../../../shared/circulation/recipient-change.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'
import { withoutPlace } from '../../../../shared/without-place.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { makeSignOff } from '../sign/sign-off-fact.ts'
import { headChangeIds } from './changes.ts'
import { readProgress, type Candidate, type Progress, type ProgressLine } from './read-progress.ts'

/** What an officer enters of a paper sheet. */
export interface PaperEntry {
  revision: number
  opinion: string
  scan: Blob | null
}

/** What is entered for one person. Each tells whether it was written. */
export interface PersonActs {
  enterPaper(line: ProgressLine, entry: PaperEntry): Promise<boolean>
  change(line: ProgressLine, kind: 'excuse' | 'restore', reason: string): Promise<boolean>
  nameSubstitute(line: ProgressLine, substitute: Candidate, reason: string): Promise<boolean>
  settle(line: ProgressLine, countsId: string, reason: string): Promise<boolean>
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

  /**
   * 纸质补录, for the revision that stands on the paper: beside what the person or a substitute signed, never in its place;
   * nothing when this officer has entered the same before. Whoever was to sign instead need not any more.
   */
  const enterPaper = (line: ProgressLine, entry: PaperEntry): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      const standing = now?.lines.find((l) => l.personId === line.personId)
      const revision = now?.circulation.fields.revisions.find((r) => r.revision === entry.revision)
      if (!now || !standing || revision === undefined) return
      const isEntered = standing.signOffs.some(
        ({ fields: f }) =>
          f.mode === 'paper' && f.revision === entry.revision && (f.opinion ?? '') === entry.opinion,
      )
      if (isEntered) return
      // Kept before the record that names it; the same bytes are the same file.
      const { scan } = entry
      const scanSha256 =
        scan === null ? undefined : await phone.blobs.put(withoutPlace(await scan.arrayBuffer()), scan.type)
      const { fields: circulation } = now.circulation
      const fields = await makeSignOff(phone, {
        circulationId: id,
        circulation,
        revision,
        personId: line.personId,
        changeId: standing.addedBy,
        mode: 'paper',
        signature: { kind: 'paper' },
        opinion: entry.opinion,
        scanSha256,
      })
      const endsSubstitution = standing.substitutions.length > 0 && revision === currentRevision(circulation)
      await phone.store.together(['sign-off', 'recipient-change'], async () => {
        await phone.store.put('sign-off', fields, { observedAt: fields.signedAt })
        if (endsSubstitution) await putChange(now, line, { change: 'restore', reason: '已在纸上签字' })
      })
    })

  const putChange = (
    now: Progress,
    line: ProgressLine,
    next: Pick<RecipientChange, 'change' | 'reason'> & Partial<RecipientChange>,
  ): Promise<string> =>
    phone.store.put('recipient-change', {
      unitId: now.circulation.fields.unitId,
      circulationId: id,
      personId: line.personId,
      name: line.name,
      supersedes: headChangeIds(now.changes.filter((c) => c.fields.personId === line.personId)),
      ...next,
    })

  const change = (line: ProgressLine, kind: 'excuse' | 'restore', reason: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      if (now) await putChange(now, line, { change: kind, reason })
    })

  /** A member signs instead of who is away; never the person, and never the officer who says so. */
  const nameSubstitute = (line: ProgressLine, substitute: Candidate, reason: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      const isOther = ![line.personId, phone.person.id].includes(substitute.personId)
      if (!now || !isOther || !now.members.some((m) => m.personId === substitute.personId)) return
      const named = { substituteId: substitute.personId, substituteName: substitute.name }
      await putChange(now, line, { change: 'substitute', reason, ...named })
    })

  /** Which of a person's sign-offs of one revision counts for the sheet; the others stay. */
  const settle = (line: ProgressLine, countsId: string, reason: string): Promise<boolean> =>
    once(async () => {
      const now = await readProgress(phone, id)
      const standing = now?.lines.find((l) => l.personId === line.personId)?.standing
      const all = standing?.counts === undefined ? [] : [standing.counts, ...standing.beside]
      const counts = all.find((s) => s.id === countsId)
      if (!now || counts === undefined || all.length < 2) return
      const { revision } = counts.fields
      const before = now.settlements.filter(
        ({ fields: f }) => f.personId === line.personId && f.revision === revision,
      )
      await phone.store.put('sign-off-settlement', {
        unitId: now.circulation.fields.unitId,
        circulationId: id,
        documentNo: now.circulation.fields.documentNo,
        personId: line.personId,
        name: line.name,
        revision,
        countsId,
        besideIds: all.filter((s) => s !== counts).map((s) => s.id),
        settledBy: phone.person.id,
        settledByName: phone.person.name,
        reason,
        supersedes: headsOf(before.map((x) => ({ id: x.id, supersedes: x.fields.supersedes ?? [] }))).map(
          (x) => x.id,
        ),
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
  const acts: PersonActs = { enterPaper, change, nameSubstitute, settle }
  return { progress, figures, isBusy, acts, add }
}

export const FILTERS: readonly { value: string; label: string; states: readonly RecipientState[] }[] = [
  { value: 'open', label: '未签', states: ['waiting', 'outdated'] },
  { value: 'signed', label: '已签', states: ['signed'] },
  { value: 'excused', label: '免签', states: ['excused'] },
  { value: 'all', label: '全部', states: ['waiting', 'outdated', 'signed', 'excused'] },
]
