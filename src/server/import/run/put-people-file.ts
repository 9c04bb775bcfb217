/** A roster file into people, units and roles. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseRoster, readRosterFile, type RosterPerson } from '../roster.ts'
import type { RosterProblem } from '../problems.ts'
import type { PersonRow } from '../../commands/people/person-row.ts'
import { putPeople } from '../../commands/put-people.ts'
import { Refusal } from '../../problem.ts'
import { emptyReport, IMPORT_AUTHOR, runWork, type ImportParts, type ImportReport } from './import-job.ts'

function placeOf({ row, column, heading }: RosterProblem): string {
  const parts = [
    row === null ? '' : `第 ${row} 行`,
    column === null ? '' : `${column} 列`,
    heading === null ? '' : `（${heading}）`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

export function rowOf(person: RosterPerson): PersonRow {
  const { row: _row, ...fields } = person
  return { ...fields, roles: person.roles.map((r) => ({ ...r })) }
}

/** @returns the report, and who got an account and needs an activation code */
export async function importPeople(
  parts: ImportParts,
  path: string,
  options: { createUnits: boolean },
): Promise<{ report: ImportReport; newPersonIds: string[] }> {
  const report = emptyReport()
  let newPersonIds: string[] = []
  const sheet = await readRosterFile(new Uint8Array(await readFile(path)), basename(path))
  if (sheet.type === 'refused') {
    report.refused.push(sheet.message)
    return { report, newPersonIds }
  }
  await runWork(parts, report, async (tx) => {
    const units = await tx.records({ types: ['unit'] })
    const knownBranches = new Set(
      units
        .map((u) => JSON.parse(u.fields) as { kind: string; name: string })
        .filter((u) => u.kind === 'branch')
        .map((u) => u.name),
    )
    const { people, columns, problems } = parseRoster(sheet, {
      createUnits: options.createUnits,
      knownBranches,
    })
    for (const problem of problems) {
      const line = `${placeOf(problem)} ${problem.message}`.trim()
      ;(problem.severity === 'refuse' ? report.refused : report.notices).push(line)
    }
    if (report.refused.length > 0) return
    if (people.length === 0) {
      report.refused.push('名册里没有人员。请检查是否选错了文件。')
      return
    }
    try {
      const summary = await putPeople(tx, people.map(rowOf), {
        columns,
        createUnits: options.createUnits,
        author: IMPORT_AUTHOR,
        now: parts.now,
      })
      report.added.push(
        ...summary.unitsAdded.map((name) => `单位 ${name}`),
        ...summary.added.map((name) => `人员 ${name}`),
      )
      report.changed.push(...summary.changed.map((name) => `人员 ${name}`))
      report.same += summary.same
      newPersonIds = summary.newPersonIds
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      report.refused.push(problem.message)
    }
  })
  return { report, newPersonIds }
}
