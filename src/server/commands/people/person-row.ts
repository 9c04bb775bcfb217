/** One row of a roster, as commands and import hand it over: units by name, nulls where the roster says nothing. */
import * as v from 'valibot'
import { Count, RequiredText, ShortText } from '../../../shared/fields.ts'
import { MEMBER_KINDS } from '../../../shared/org/membership.ts'
import { ROLE_NAMES } from '../../../shared/org/role.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'

const Name = v.nullable(ShortText)
export const PersonRow = v.object({
  staffNo: v.pipe(RequiredText, v.maxLength(40)),
  name: RequiredText,
  committee: Name,
  branch: Name,
  group: Name,
  section: Name,
  postingUnit: Name,
  partyStatus: v.picklist(MEMBER_KINDS),
  roles: v.array(v.object({ role: v.picklist(ROLE_NAMES), title: v.optional(ShortText) })),
  handOrder: v.nullable(Count),
})
export type PersonRow = v.InferOutput<typeof PersonRow>

export const ALL_COLUMNS = [
  'committee',
  'branch',
  'group',
  'section',
  'postingUnit',
  'partyStatus',
  'duties',
  'handOrder',
] as const

/** Writes a record; true when something changed. */
export type Put = (type: string, id: string, fields: JsonObject) => Promise<boolean>
