/**
 * Minutes in work, as their writer types them. Promises: a moment after each pause, at every switch to another app and at leaving,
 * what was typed is a draft on the disk, and goes to the endpoint by itself; what arrives from another phone of the same writer
 * never replaces a section that is being typed; a text that is too long for a record is kept on the phone all the same.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { minutesDraftId } from '../../../../shared/meetings/minutes/draft.ts'
import { dropKept, keepDraft, readKept } from '../../../storage/kept-drafts.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import type { Phone } from '../../../storage/phone.ts'
import { useWhenLeaving } from '../../../ui/page/when-leaving.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { words } from '../../../ui/words.ts'
import { readMeeting } from '../detail/read-meeting.ts'
import type { MeetingRow } from '../model/read-meetings.ts'
import { useDraftFiles } from './attachments/use-draft-files.ts'
import { sectionsOf, type Section } from './sections.ts'

const PAUSE_MS = 400
const TRUST_MS = 3000

/** Where an older version of the app kept its text. */
const olderKey = (meetingId: string): string => `minutes:${meetingId}`
const tooLongKey = (meetingId: string): string => `minutes-too-long:${meetingId}`

const pathsOf = (sections: readonly Section[]): Record<string, unknown> =>
  Object.fromEntries(
    sections.map(({ key, heading, text, order }) => [`sections/${key}`, { heading, text, order }]),
  )
const emptyDraft = (phone: Phone, { id, fields }: MeetingRow) => ({
  unitId: fields.unitId,
  meetingId: id,
  title: fields.title,
  writerId: phone.person.id,
  writerName: phone.person.name,
})

export function useDraft(phone: Phone, meetingId: string) {
  const draftId = minutesDraftId(meetingId, phone.person.id)
  const view = useLiveOrLoading(() => readMeeting(phone, meetingId))
  const older = ref<string>()
  /** What was typed and has not been read back from the disk yet, by section. */
  const typed = shallowRef<ReadonlyMap<string, Section>>(new Map())
  /** Of it, what is not on the disk. */
  const waiting = shallowRef<ReadonlySet<string>>(new Set())
  let savedAt = 0
  const trouble = ref('')
  const saving = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()

  const start = async () => {
    const [kept, over] = await Promise.all([
      readKept(phone.db, olderKey(meetingId)),
      readKept(phone.db, tooLongKey(meetingId)),
    ])
    if (Array.isArray(over)) {
      typed.value = new Map((over as Section[]).map((one) => [one.key, one]))
      waiting.value = new Set(typed.value.keys())
    }
    older.value = (kept as { body?: string } | undefined)?.body ?? ''
  }
  start().catch((error: unknown) => {
    trouble.value = sentenceOf(error, words.notKept)
    older.value = ''
  })

  const own = computed(() => view.value?.drafts.find((row) => row.id === draftId))
  const sections = computed<Section[] | undefined>(() => {
    if (!view.value || older.value === undefined) return undefined
    const before = older.value === '' ? (view.value.inWork?.fields.body ?? '') : older.value
    const standing = sectionsOf(own.value?.fields, view.value.meeting.fields.agenda ?? '', before)
    const merged = standing.map((one) => typed.value.get(one.key) ?? one)
    const added = [...typed.value.values()].filter(({ key }) => !standing.some((one) => one.key === key))
    return [...merged, ...added].sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
  })

  /** What was there before the draft is written with its first change. */
  async function edit(meeting: MeetingRow, changes: Record<string, unknown>): Promise<void> {
    const before = own.value === undefined ? pathsOf(sections.value ?? []) : {}
    const create = emptyDraft(phone, meeting)
    await phone.store.edit('minutes-draft', draftId, { ...before, ...changes }, { create })
    if (older.value !== '') await dropKept(phone.db, olderKey(meetingId))
  }
  async function write(): Promise<void> {
    const meeting = view.value?.meeting
    const keys = waiting.value
    if (keys.size === 0 || meeting === undefined) return
    const changed = [...keys].flatMap((key) => typed.value.get(key) ?? [])
    waiting.value = new Set()
    saving.value = true
    try {
      await edit(meeting, pathsOf(changed))
      savedAt = Date.now()
      await dropKept(phone.db, tooLongKey(meetingId))
      trouble.value = ''
    } catch (error) {
      waiting.value = new Set([...keys, ...waiting.value])
      trouble.value = sentenceOf(error, words.notKept)
      await keepDraft(phone.db, tooLongKey(meetingId), changed, '会议纪要').catch(() => undefined)
    } finally {
      saving.value = false
    }
  }
  /** One after another: an older text never lands on a newer one. */
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }
  const change = (section: Section): void => {
    typed.value = new Map(typed.value).set(section.key, section)
    waiting.value = new Set(waiting.value).add(section.key)
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), PAUSE_MS)
  }
  useWhenLeaving(() => void flush())
  onScopeDispose(() => void flush())
  // Read back, it need not be remembered here; after a while the disk holds even when it says otherwise: another phone wrote.
  watch(own, (row) => {
    const rest = [...typed.value].filter(([key, one]) => {
      if (waiting.value.has(key) || saving.value) return true
      const there = row?.fields.sections?.[key]
      const isSame = there?.text === one.text && there.heading === one.heading
      return !isSame && Date.now() - savedAt < TRUST_MS
    })
    if (rest.length < typed.value.size) typed.value = new Map(rest)
  })

  const files = useDraftFiles(phone, draftId, own, async (changes) => {
    const meeting = view.value?.meeting
    if (meeting !== undefined) await edit(meeting, changes)
  })

  return {
    view,
    own,
    sections,
    files,
    trouble,
    saving,
    flush,
    change,
    isDirty: computed(() => waiting.value.size > 0 || saving.value),
    add: (): void => {
      const order = Math.max(0, ...(sections.value ?? []).map((one) => one.order)) + 1
      change({ key: `x${phone.now().toString(36)}`, heading: '', text: '', order })
    },
    /** Another writer's words under one's own: nothing of either goes. */
    takeOver: (others: readonly Section[]): void => {
      for (const other of others.filter(({ text }) => text.trim() !== '')) {
        const mine = sections.value?.find(({ key }) => key === other.key)
        const text =
          mine === undefined || mine.text.trim() === '' ? other.text : `${mine.text}\n\n${other.text}`
        change({ ...(mine ?? other), text })
      }
    },
    /** Texts that were written on another phone of one's own at the same time and lost. */
    lostTexts: computed(() =>
      (own.value?.history ?? []).flatMap((lost) => {
        const { path, value: text } = lost as { path?: unknown; value?: unknown }
        return typeof text === 'string' && !String(path).startsWith('files/') ? [text] : []
      }),
    ),
  }
}
