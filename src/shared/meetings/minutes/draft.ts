/**
 * Minutes in work: one draft for each writer and meeting, in the writer's own file, which the unit's officers read too. Two
 * recorders never write into one text: nothing of either is lost, and each sees that there is another. On two phones of one writer
 * it merges section by section.
 */
import * as v from 'valibot'
import { BodyText, Count, Id, Millis, Sha256, ShortText } from '../../fields.ts'
import { idFrom } from '../../sync/canonical.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import { ledOf, mayRecord } from './who-confirms.ts'

export const minutesDraftId = (meetingId: string, writerId: string): string =>
  idFrom('minutes-draft', meetingId, writerId)

export const minutesDraft = defineRecord({
  type: 'minutes-draft',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    title: v.optional(ShortText, ''),
    writerId: Id,
    writerName: v.optional(ShortText, ''),
    /** By a key that is made with the section: an item of the agenda, or one that the writer added. */
    sections: v.optional(
      v.record(
        Id,
        v.object({
          heading: v.optional(ShortText, ''),
          text: v.optional(BodyText, ''),
          order: v.optional(Count, 0),
        }),
      ),
      {},
    ),
    /**
     * By their SHA-256. Here they are only named: the bytes are on the phone that added them, and go with the proposal. `gone`:
     * taken out again; nothing but the hash is left.
     */
    files: v.optional(
      v.record(
        Sha256,
        v.object({
          name: v.optional(ShortText, ''),
          mime: v.optional(ShortText, ''),
          sizeBytes: v.optional(Count, 0),
          order: v.optional(Count, 0),
          gone: v.optional(v.boolean(), false),
          /** It went with a proposal: no need of the phone that added it. */
          sent: v.optional(v.boolean(), false),
        }),
      ),
    ),
    /**
     * The last proposal made of it, with the hash of its words and files: a writer who is no officer cannot read it where it lies, in the
     * chair's file.
     */
    proposalId: v.optional(v.nullable(Id), null),
    proposedSha256: v.optional(v.nullable(Sha256), null),
    proposedAt: v.optional(v.nullable(Millis), null),
  }),
  indexes: ['meetingId'],
  scopeOf: (f) => fileScope(f.unitId, f.writerId),
  personOf: (f) => f.writerId,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = ledOf(parents[0]?.fields)
    if (meeting?.unitId !== next.unitId || actor.personId !== next.writerId) return 'forbidden'
    return mayRecord(actor, meeting, observedAt) || 'forbidden'
  },
  conflict: 'draft',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `纪要草稿 · ${f.title}`,
})
export type MinutesDraft = FieldsOf<typeof minutesDraft>
