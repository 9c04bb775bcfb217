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
  timesOf,
  titleFor,
  type MeetingDraft,
} from './meeting-form.ts'
import { coverInWords } from './sittings/cover-words.ts'
import { copyFrom, readLastMeeting } from './last-meeting.ts'
import { readCover } from './sittings/read-cover.ts'
import { readFormChoices } from './read-form.ts'
import { fieldTime, proposeSittings } from '../../../../shared/meetings/sittings/propose-sittings.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

/** What a plan knows of the meeting that is to be arranged. */
export interface Planned {
  unitId?: string | undefined
  kindId?: string | undefined
  /** Civil date. */
  date?: string | undefined
  subject?: string | undefined
}
/** Meetings of shifts end a day's work more often than they begin it. */
const USUAL_TIME = '16:30'

function emptyDraft(unitId: string, recorderId: string, now: number, planned: Planned): MeetingDraft {
  const { kindId = '', date = '', subject = '' } = planned
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date)
  const at = isDay ? `${date}T${USUAL_TIME}` : nextWholeHour(now)
  return {
    id: uuidv7(),
    unitId,
    kindId,
    title: subject,
    titleIsOwn: subject !== '',
    sittings: [{ id: uuidv7(), name: ONLY_SITTING, at, place: '' }],
    chairId: '',
    recorderId,
    agenda: '',
    guests: '',
    materials: [],
  }
}

/**
 * @param meetingId of the meeting to change; undefined for a new one
 * @param planned what a new one begins with; each planned meeting has a half-written form of its own
 */
export function useMeetingForm(meetingId: string | undefined, planned: Planned = {}) {
  const phone = usePhone()
  const asked = ref(false)
  const saving = ref(false)
  const trouble = ref('')
  const plannedKey = planned.kindId === undefined ? '' : `:${planned.kindId}:${planned.date ?? ''}`
  const key = `meeting:${meetingId ?? `new${plannedKey}`}`
  const local = useLocalDraft<MeetingDraft>(phone.db, key, '会议', async () => {
    const standing = meetingId === undefined ? undefined : await phone.store.get('meeting', meetingId)
    if (meetingId !== undefined && standing !== undefined) return meetingToDraft(meetingId, standing.fields)
    const { units, kinds: known } = await readFormChoices(phone, '')
    const unit = units.find(({ value }) => value === planned.unitId) ?? units[0]
    const begun = emptyDraft(unit?.value ?? '', phone.person.id, phone.now(), planned)
    // Filled in from the beginning: a form that was only looked at is not half written.
    const kindName = known.find(({ value }) => value === begun.kindId)?.label ?? ''
    const title = begun.titleIsOwn
      ? begun.title
      : titleFor(kindName, begun.sittings[0]?.at ?? '', phone.now())
    return { ...begun, title }
  })
  const draft = local.value
  const unitId = computed(() => draft.value?.unitId ?? '')
  const choices = useLiveOrLoading(() => readFormChoices(phone, unitId.value), [unitId])
  const marked = useLiveOrLoading(async () => {
    if (meetingId === undefined) return new Set<string>()
    const marks = await phone.db.records('roll-mark').where('fields.meetingId').equals(meetingId).toArray()
    return new Set(marks.map((mark) => mark.fields.sittingId))
  })

  const kindId = computed(() => draft.value?.kindId ?? '')
  const firstDate = computed(() => draft.value?.sittings[0]?.at.slice(0, 10) ?? '')
  const facts = useLiveOrLoading(
    () => readCover(phone.db, { unitId: unitId.value, kindId: kindId.value, date: firstDate.value }),
    [unitId, kindId, firstDate],
  )
  const last = useLiveOrLoading(
    async () => (draft.value === undefined ? undefined : await readLastMeeting(phone.db, draft.value)),
    [unitId, kindId],
  )
  const cover = computed(() => {
    if (facts.value === undefined || draft.value === undefined) return []
    return coverInWords(facts.value, timesOf(draft.value))
  })
  /** One for each group of shifts, on the day of the first; undefined where nothing better is known. */
  const proposal = computed(() => {
    if (facts.value === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(firstDate.value)) return undefined
    const { rosters, people } = facts.value
    const ids = people.map(({ personId }) => personId)
    const proposed = proposeSittings(rosters, ids, firstDate.value)
    return proposed.length === 0 ? undefined : proposed
  })
  const takeProposal = (): void => {
    if (draft.value === undefined || proposal.value === undefined) return
    const place = draft.value.sittings[0]?.place ?? ''
    const isOne = proposal.value.length === 1
    draft.value.sittings = proposal.value.map(({ name, startsAt }) => ({
      id: uuidv7(),
      name: isOne ? ONLY_SITTING : name,
      at: fieldTime(startsAt),
      place,
    }))
  }
  const takeLast = (): void => {
    if (draft.value !== undefined && last.value !== undefined)
      Object.assign(draft.value, copyFrom(last.value, draft.value, uuidv7))
  }

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
    cover,
    proposal,
    takeProposal,
    last,
    takeLast,
    problems: computed(() => (asked.value ? problems.value : undefined)),
    asked,
    saving,
    trouble,
    save,
  }
}
