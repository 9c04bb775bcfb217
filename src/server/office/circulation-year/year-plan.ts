/** Which circulations a year has, document by document, and the names of their files. Little of each is held: never the lists. */
import { civilDate } from '../../../shared/civil-time.ts'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { createNames, fileNameOf } from '../../../shared/circulation/export/file-names.ts'
import type { Unit } from '../../../shared/org/unit.ts'
import { unitScope } from '../../../shared/sync/scopes.ts'
import { parsed } from '../question.ts'
import type { ReadTx } from '../../store/record-store.ts'

export interface PlannedCirculation {
  id: string
  unitName: string
  /** Of its files, without their endings; unlike the others of its folder. */
  name: string
  dispatchedAt: number
}
export interface PlannedDocument {
  documentId: string
  documentNo: string
  title: string
  folder: string
  circulations: PlannedCirculation[]
}

/** A year of the calendar on the wall in the hall, by the day of dispatch. */
export const yearOf = (ms: number): string => civilDate(ms).slice(0, 4)

/** Paths stay below 150 characters, so that the archive can be unpacked below a folder of a hundred. */
const MOST_TITLE = 48
const MOST_UNIT = 30

interface Found extends PlannedCirculation {
  documentId: string
  documentNo: string
  title: string
}

/** One branch at a time: a year of the whole bureau is some hundred megabytes of recipients. */
async function eachCirculation(
  readUnits: (ask: (tx: ReadTx) => Promise<void>) => Promise<void>,
  tell: (found: Found) => void,
): Promise<void> {
  let units: { id: string; name: string }[] = []
  await readUnits(async (tx) => {
    units = parsed<Unit>(await tx.records({ types: ['unit'] })).map(({ id, fields }) => ({
      id,
      name: fields.name,
    }))
  })
  for (const unit of units)
    await readUnits(async (tx) => {
      for (const { id, fields } of parsed<Circulation>(
        await tx.records({ types: ['circulation'], scopes: [unitScope(unit.id)] }),
      )) {
        const { documentId, documentNo, title, dispatchedAt } = fields
        tell({ id, unitName: unit.name, name: '', dispatchedAt, documentId, documentNo, title })
      }
    })
}

export interface YearCount {
  year: string
  documents: number
  circulations: number
}

/** Newest first. */
export async function yearsOf(
  read: (ask: (tx: ReadTx) => Promise<void>) => Promise<void>,
): Promise<YearCount[]> {
  const years = new Map<string, { documents: Set<string>; circulations: number }>()
  await eachCirculation(read, ({ dispatchedAt, documentId }) => {
    const year = yearOf(dispatchedAt)
    const counted = years.get(year) ?? { documents: new Set(), circulations: 0 }
    counted.documents.add(documentId)
    counted.circulations += 1
    years.set(year, counted)
  })
  return [...years]
    .map(([year, { documents, circulations }]) => ({ year, documents: documents.size, circulations }))
    .sort((a, b) => (a.year < b.year ? 1 : -1))
}

/** In the order of their first dispatch. */
export async function planYear(
  read: (ask: (tx: ReadTx) => Promise<void>) => Promise<void>,
  year: string,
): Promise<PlannedDocument[]> {
  const found: Found[] = []
  await eachCirculation(read, (one) => {
    if (yearOf(one.dispatchedAt) === year) found.push(one)
  })
  found.sort((a, b) => a.dispatchedAt - b.dispatchedAt || (a.id < b.id ? -1 : 1))
  return [...Map.groupBy(found, (one) => one.documentId)].map(([documentId, ofDocument], at) => {
    const { documentNo, title, dispatchedAt } = ofDocument[0]!
    const number = String(at + 1).padStart(4, '0')
    const titled = fileNameOf([documentNo, title].filter(Boolean).join(' '), MOST_TITLE)
    const names = createNames()
    const circulations = ofDocument
      .sort((a, b) => a.unitName.localeCompare(b.unitName, 'zh') || (a.id < b.id ? -1 : 1))
      .map(({ id, unitName, dispatchedAt: at }) => ({
        id,
        unitName,
        dispatchedAt: at,
        name: names(fileNameOf(unitName, MOST_UNIT)),
      }))
    return {
      documentId,
      documentNo,
      title,
      folder: `${number} ${civilDate(dispatchedAt)} ${titled}`,
      circulations,
    }
  })
}
