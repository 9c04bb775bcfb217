/** One engine before its endpoint: a member's phone, a secretary's phone, the line that both use, and what the endpoint has. */
import { DOCUMENT, serveHall, CIRCULATION, type ServedHall } from '../browser/support/served-hall.ts'
import { storedFields } from '../browser/support/acts.ts'
import { branchId } from '../support/endpoint.ts'
import { circulationId, confirmationId } from '../../src/shared/circulation/circulation.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { FoundEngine } from './find-engines.ts'
import { layLine, type Line } from './line.ts'
import { createScreen, type Screen } from './screen/screen.ts'

const SECOND_DOCUMENT = idFrom('engines', 'document')
/** A second file for the member to sign, in the other way. */
export const SECOND_CIRCULATION = circulationId(SECOND_DOCUMENT, branchId('第一支部'))

export interface Stage {
  hall: ServedHall
  line: Line
  member: Screen
  secretary: Screen
  stored(type: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** A part of a journey that this engine or this machine does not let anybody drive; told in the report, never left out silently. */
export class NotDriven extends Error {}

export interface Journey {
  name: string
  /** @throws NotDriven, or whatever went wrong */
  run(stage: Stage): Promise<void>
}

type Fields = Parameters<ServedHall['endpoint']['put']>[2]

async function circulateAgain({ endpoint }: ServedHall): Promise<void> {
  const rows = await endpoint.store.read((tx) =>
    tx.records({ types: ['document', 'document-confirmation', 'circulation'] }),
  )
  const copy = async (type: string, from: string, to: string, more: object) => {
    const row = rows.find(({ id }) => id === from)!
    const fields = { ...(JSON.parse(row.fields) as object), ...more } as Fields
    await endpoint.put(type, to, fields, row.author)
  }
  const title = { title: '关于签字方式的通知（示例）', documentNo: '办公室〔2026〕32 号' }
  const document = { documentId: SECOND_DOCUMENT }
  await copy('document', DOCUMENT, SECOND_DOCUMENT, title)
  const confirmation = confirmationId(SECOND_DOCUMENT, 1)
  await copy('document-confirmation', confirmationId(DOCUMENT, 1), confirmation, document)
  await copy('circulation', CIRCULATION, SECOND_CIRCULATION, { ...document, ...title })
}

export async function setStage(found: FoundEngine): Promise<Stage> {
  const hall = await serveHall()
  await circulateAgain(hall)
  const line = await layLine(hall.url)
  const [member, secretary] = [await found.create(), await found.create()]
  return {
    hall,
    line,
    member: createScreen(member),
    secretary: createScreen(secretary),
    stored: (type) => storedFields(hall.endpoint, type),
    async close() {
      await member.remove()
      await secretary.remove()
      await line.cut()
      await hall.close()
    },
  }
}
