/** What decides when people may be reminded, read as it is needed and once: the bureau's hours, and the rosters around today. */
import { civilMonth, DAY_MS } from '../../../shared/civil-time.ts'
import { reminderHoursOf } from '../../../shared/circulation/reminding/reminder-hours.ts'
import { shiftRosterId } from '../../../shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../shared/org/shifts/shifts.ts'
import type { ReminderHours, Unit } from '../../../shared/org/unit.ts'
import { ROOT_UNIT_ID } from '../../../shared/sync/scopes.ts'
import type { ReadTx } from '../../store/record-store.ts'

export function rostersFor(tx: Pick<ReadTx, 'record' | 'records'>, now: number) {
  const months = [...new Set([now - DAY_MS, now].map(civilMonth))]
  let hours: ReminderHours | undefined
  let ofSections: RosterFacts[] | undefined

  async function ofUnit(unitId: string): Promise<RosterFacts[]> {
    const found: RosterFacts[] = []
    for (const month of months) {
      const row = await tx.record('shift-roster', shiftRosterId(unitId, month))
      if (row !== undefined && !row.deleted) found.push(JSON.parse(row.fields) as RosterFacts)
    }
    return found
  }
  async function sections(): Promise<RosterFacts[]> {
    const units = await tx.records({ types: ['unit'] })
    const ids = units.filter(({ fields }) => (JSON.parse(fields) as Unit).kind === 'section').map((u) => u.id)
    const found: RosterFacts[] = []
    for (const id of ids) found.push(...(await ofUnit(id)))
    return found
  }
  return {
    hours: async (): Promise<ReminderHours> => {
      if (hours === undefined) {
        const root = await tx.record('unit', ROOT_UNIT_ID)
        hours = reminderHoursOf(root && (JSON.parse(root.fields) as Unit))
      }
      return hours
    },
    /** Of a branch, and of all sections: its members may have their shifts there. */
    of: async (branchId: string): Promise<RosterFacts[]> => {
      ofSections ??= await sections()
      return [...(await ofUnit(branchId)), ...ofSections]
    },
  }
}
