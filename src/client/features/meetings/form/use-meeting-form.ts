/** The form of one meeting: kept on the phone as typed, saved once however often the button is pressed. */
import { uuidv7 } from 'uuidv7'
import { computed, ref, watch } from 'vue'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { useLocalDraft } from '../model/local-draft.ts'
import {
  draftToMeeting,
  meetingToDraft,
  nextWholeHour,
  ONLY_SITTING,
  problemsOf,
  titleFor,
  type MeetingDraft,
} from './meeting-form.ts'
import { readFormChoices } from './read-form.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const emptyDraft = (unitId: string, recorderId: string, now: number): MeetingDraft => ({
  id: uuidv7(),
  unitId,
  kindId: '',
  title: '',
  titleIsOwn: false,
  sittings: [{ id: uuidv7(), name: ONLY_SITTING, at: nextWholeHour(now), place: '' }],
  chairId: '',
  recorderId,
  agenda: '',
  guests: '',
})

/** @param meetingId of the meeting to change; undefined for a new one */
export function useMeetingForm(meetingId: string | undefined) {
  const phone = usePhone()
  const asked = ref(false)
  const saving = ref(false)
  const trouble = ref('')
  const local = useLocalDraft<MeetingDraft>(phone.db, `meeting:${meetingId ?? 'new'}`, '会议', async () => {
    const standing = meetingId === undefined ? undefined : await phone.store.get('meeting', meetingId)
    if (meetingId !== undefined && standing !== undefined) return meetingToDraft(meetingId, standing.fields)
    const { units } = await readFormChoices(phone, '')
    return emptyDraft(units[0]?.value ?? '', phone.person.id, phone.now())
  })
  const draft = local.value
  const unitId = computed(() => draft.value?.unitId ?? '')
  const choices = useLiveOrLoading(() => readFormChoices(phone, unitId.value), [unitId])
  const marked = useLiveOrLoading(async () => {
    if (meetingId === undefined) return new Set<string>()
    const marks = await phone.db.records('roll-mark').where('fields.meetingId').equals(meetingId).toArray()
    return new Set(marks.map((mark) => mark.fields.sittingId))
  })

  const kinds = computed(() => {
    const unitKind = choices.value?.unitKindOf.get(unitId.value)
    return (choices.value?.kinds ?? []).filter(
      (kind) => unitKind !== undefined && kind.unitKinds.includes(unitKind),
    )
  })
  const suggested = computed(() => {
    const kind = kinds.value.find((k) => k.value === draft.value?.kindId)
    return titleFor(kind?.label ?? '', draft.value?.sittings[0]?.at ?? '', phone.now())
  })
  watch(suggested, (title) => {
    if (draft.value !== undefined && !draft.value.titleIsOwn && title !== '') draft.value.title = title
  })
  watch(kinds, (offered) => {
    // A kind of the branch is not one of its groups.
    if (draft.value === undefined || choices.value === undefined || draft.value.kindId === '') return
    if (!offered.some((kind) => kind.value === draft.value?.kindId)) draft.value.kindId = ''
  })
  const problems = computed(() => (draft.value === undefined ? undefined : problemsOf(draft.value)))

  /** @returns the id of the saved meeting; undefined when something is still missing or could not be stored */
  const save = async (): Promise<string | undefined> => {
    asked.value = true
    if (saving.value || draft.value === undefined || problems.value?.any !== false) return undefined
    saving.value = true
    try {
      const standing = await phone.store.get('meeting', draft.value.id)
      await phone.store.put('meeting', draftToMeeting(draft.value, standing?.fields), { id: draft.value.id })
      await local.discard()
      return draft.value.id
    } catch (error) {
      trouble.value = sentenceOf(error, '填好的都还在，请再试一次。')
      return undefined
    } finally {
      saving.value = false
    }
  }
  return {
    draft,
    restored: local.restored,
    draftTrouble: local.trouble,
    discard: local.discard,
    choices,
    kinds,
    marked: computed(() => marked.value ?? new Set<string>()),
    problems: computed(() => (asked.value ? problems.value : undefined)),
    asked,
    saving,
    trouble,
    save,
  }
}
