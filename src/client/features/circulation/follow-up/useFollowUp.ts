/** Who is to be followed up in one circulation, and reminding them: written to this phone, delivered like everything else. */
import { computed, ref } from 'vue'
import { coverageOf } from '../../../../shared/circulation/coverage/coverage.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import { circulationStatus } from '../../../../shared/circulation/status.ts'
import { headsOf } from '../../../../shared/sync/merge.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { followUpLines } from './follow-up-lines.ts'

async function readFollowUp(phone: Phone, id: string) {
  const { db } = phone
  const circulation = await db.records('circulation').get(id)
  if (circulation === undefined) return null
  const ofThis = <T extends 'recipient-change' | 'sign-off' | 'reminder'>(type: T) =>
    db.records(type).where('fields.circulationId').equals(id).toArray()
  const [changes, signOffs, reminders, keys] = await Promise.all([
    ofThis('recipient-change'),
    ofThis('sign-off'),
    ofThis('reminder'),
    db.records('device-key').toArray(),
  ])
  const inUse = headsOf(keys.map((k) => ({ ...k, supersedes: k.fields.supersedes ?? [] })))
  const withPhone = new Set(inUse.filter((k) => !k.fields.revokedAt).map((k) => k.fields.personId))
  const now = phone.now()
  const isOpen = circulationStatus(circulation.fields, now) === 'open'
  const { lines } = coverageOf(circulation, changes, signOffs)
  return {
    circulation,
    lines: isOpen ? followUpLines(circulation, lines, reminders, withPhone, now) : [],
  }
}

export function useFollowUp(id: string) {
  const phone = usePhone()
  const followUp = useLiveOrLoading(() => readFollowUp(phone, id))
  const lines = computed(() => followUp.value?.lines ?? [])
  const byPerson = computed(() => new Map(lines.value.map((line) => [line.personId, line])))
  const isBusy = ref(false)

  /**
   * Reminds those of these persons who still are to sign and may be reminded at this moment: all of them or, when the phone
   * can't keep it, nobody. @returns how many; 0 while another press is being written
   */
  async function remind(personIds: readonly string[]): Promise<number> {
    if (isBusy.value) return 0
    isBusy.value = true
    try {
      const now = await readFollowUp(phone, id)
      const ready = now?.lines.filter((line) => line.bar === null && personIds.includes(line.personId)) ?? []
      if (!now || ready.length === 0) return 0
      const { fields } = now.circulation
      await phone.store.prepare()
      await phone.store.together(['reminder'], async () => {
        for (const { personId, name } of ready)
          await phone.store.put('reminder', {
            unitId: fields.unitId,
            circulationId: id,
            documentNo: fields.documentNo,
            personId,
            name,
            byPersonId: phone.person.id,
            byName: phone.person.name,
            revision: currentRevision(fields).revision,
            at: phone.now(),
          })
      })
      return ready.length
    } finally {
      isBusy.value = false
    }
  }
  return { lines, byPerson, isBusy, remind }
}
