/** The only list of record types. A new type is one file and one line here. */
import { appeal } from '../assessment/appeal.ts'
import { indicatorSet } from '../assessment/indicator-set.ts'
import { monthResult } from '../assessment/month-result.ts'
import { scoreSheet } from '../assessment/score-sheet.ts'
import { selfAssessment } from '../assessment/self-assessment.ts'
import { submission } from '../assessment/submission.ts'
import { bookChapter } from '../books/book-chapter.ts'
import { book } from '../books/book.ts'
import { highlight, note, readingPosition, recallCard } from '../books/marks.ts'
import { circulation } from '../circulation/circulation.ts'
import { circulationExport } from '../circulation/export/circulation-export.ts'
import { documentConfirmation } from '../circulation/document/document-confirmation.ts'
import { countersignature } from '../circulation/signing/countersignature.ts'
import { document } from '../circulation/document/document.ts'
import { recipientChange } from '../circulation/recipient-change.ts'
import { reminder } from '../circulation/reminding/reminder.ts'
import { settlement } from '../circulation/signing/settlement.ts'
import { signOff } from '../circulation/signing/sign-off.ts'
import { signedFor } from '../circulation/signing/signed-for.ts'
import { column } from '../lessons/column.ts'
import { lessonReceipt } from '../lessons/lesson-receipt.ts'
import { lesson } from '../lessons/lesson.ts'
import { reflection } from '../lessons/reflection.ts'
import { sharedReflection } from '../lessons/shared-reflection.ts'
import { rollClaim } from '../meetings/codes/roll-claim.ts'
import { makeUp } from '../meetings/make-up.ts'
import { meetingKind } from '../meetings/meeting-kind.ts'
import { meeting } from '../meetings/meeting.ts'
import { minutesCorrection } from '../meetings/minutes/correction.ts'
import { minutesDraft } from '../meetings/minutes/draft.ts'
import { minutes } from '../meetings/minutes/minutes.ts'
import { minutesProposal } from '../meetings/minutes/proposal.ts'
import { minutesReturn } from '../meetings/minutes/return.ts'
import { resolution } from '../meetings/voting/resolution.ts'
import { rollMark } from '../meetings/roll-mark.ts'
import { yearPlan } from '../meetings/year/year-plan.ts'
import { deviceKey } from '../org/device-key.ts'
import { endpointKey } from '../org/endpoint-key.ts'
import { membership } from '../org/membership.ts'
import { opinion } from '../org/opinion.ts'
import { person } from '../org/person.ts'
import { role } from '../org/role.ts'
import { shiftRoster } from '../org/shifts/shift-roster.ts'
import { unit } from '../org/unit.ts'
import type { AnyDefinition, FieldsOf } from './define-record.ts'

const DEFINITIONS = [
  unit,
  person,
  membership,
  role,
  shiftRoster,
  deviceKey,
  endpointKey,
  opinion,
  column,
  lesson,
  lessonReceipt,
  reflection,
  sharedReflection,
  book,
  bookChapter,
  readingPosition,
  highlight,
  note,
  recallCard,
  document,
  documentConfirmation,
  circulation,
  recipientChange,
  signOff,
  signedFor,
  settlement,
  reminder,
  countersignature,
  circulationExport,
  meetingKind,
  yearPlan,
  meeting,
  rollMark,
  rollClaim,
  makeUp,
  resolution,
  minutesDraft,
  minutesProposal,
  minutesReturn,
  minutes,
  minutesCorrection,
  indicatorSet,
  selfAssessment,
  submission,
  scoreSheet,
  monthResult,
  appeal,
] as const

type Definition = (typeof DEFINITIONS)[number]
export type RecordType = Definition['type']
/** The fields of a type by its name. */
export type FieldsByType = { [D in Definition as D['type']]: FieldsOf<D> }

export const definitions: readonly AnyDefinition[] = DEFINITIONS
const definitionsByType = new Map<string, AnyDefinition>(definitions.map((d) => [d.type, d]))

/** The definition of a type; undefined for one that a newer version brought. */
export function definitionOf(type: string): AnyDefinition | undefined {
  return definitionsByType.get(type)
}
