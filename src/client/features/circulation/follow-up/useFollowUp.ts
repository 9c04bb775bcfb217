/** Who is to be followed up in one circulation, and reminding them: written to this phone, delivered like everything else. */
import { computed, ref } from 'vue'
import { coverageOf } from '../../../../shared/circulation/coverage/coverage.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import { receiversOf } from '../../../../shared/circulation/reminding/receivers.ts'
import { circulationStatus } from '../../../../shared/circulation/status.ts'
import { substitutionsOf } from '../../../../shared/circulation/signing/substitution.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { followUpLines } from './follow-up-lines.ts'
import { NO_PLANS, readReminderPlans } from './reminder-plans.ts'

async function readFollowUp(phone: Phone, id: string) {
  const { db } = phone
  const circulation = await db.records('circulation').get(id)
  if (circulation === undefined) return null
  const ofThis = <T extends 'recipient-change' | 'sign-off' | 'reminder'>(type: T) =>
    db.records(type).where('fields.circulationId').equals(id).toArray()
  const [changes, signOffs, reminders, keys, plans] = await Promise.all([
    ofThis('recipient-change'),
    ofThis('sign-off'),
    ofThis('reminder'),
    db.records('device-key').toArray(),
    readReminderPlans(phone),
  ])
  const inUse = headsOf(keys.map((k) => ({ ...k, supersedes: k.fields.supersedes ?? [] })))
  const withPhone = new Set(inUse.filter((k) => !k.fields.revokedAt).map((k) => k.fields.personId))
  const now = phone.now()
  const isOpen = circulationStatus(circulation.fields, now) === 'open'
  const { lines } = coverageOf(circulation, changes, signOffs)
  const substitutions = substitutionsOf(changes)
  const ground = { reminders, withPhone, substitutions, plans }
  return {
    circulation,
    plans,
    substitutions,
    lines: isOpen ? followUpLines(circulation, lines, ground, now) : [],
  }
}

export function useFollowUp(id: string) {
  const phone = usePhone()
  const followUp = useLiveOrLoading(() => readFollowUp(phone, id))
  const lines = computed(() => followUp.value?.lines ?? [])
  const plans = computed(() => followUp.value?.plans ?? NO_PLANS)
  const byPerson = computed(() => new Map(lines.value.map((line) => [line.personId, line])))
  const isBusy = ref(false)

  /**
   * Reminds those of these persons who still are to sign, or their substitutes, and may be reminded at this moment: all of them
   * or, when the phone can't keep it, nobody. @returns how many people get one; 0 while another press is being written
   */
  async function remind(personIds: readonly string[]): Promise<number> {
    if (isBusy.value) return 0
    isBusy.value = true
    try {
      const now = await readFollowUp(phone, id)
      const meant = now?.lines.filter((line) => personIds.includes(line.personId)) ?? []
      if (!now) return 0
      const free = new Set(meant.flatMap((line) => line.readyIds))
      const receivers = receiversOf(meant, now.substitutions).filter((r) => free.has(r.personId))
      if (receivers.length === 0) return 0
      const { fields } = now.circulation
      await phone.store.prepare()
      await phone.store.together(['reminder'], async () => {
        for (const { personId, name, forPersonIds } of receivers)
          await phone.store.put('reminder', {
            unitId: fields.unitId,
            circulationId: id,
            documentNo: fields.documentNo,
            personId,
            name,
            forPersonIds,
            byPersonId: phone.person.id,
            byName: phone.person.name,
            revision: currentRevision(fields).revision,
            at: phone.now(),
          })
      })
      return receivers.length
    } finally {
      isBusy.value = false
    }
  }
  return { lines, plans, byPerson, isBusy, remind }
}
