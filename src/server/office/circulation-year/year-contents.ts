/**
 * Everything that an archive of a year holds, one file after the other. Guarantee: each circulation is one snapshot; every file is
 * named with its hash in a list that the endpoint seals; what cannot be had any more (an original that was recalled) is said in the
 * index and is not left out silently. Between two circulations whoever else asks the endpoint something is answered; of all of
 * them no more than one line of each is held.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { a4Pages } from '../../../shared/spreadsheet/a4-pages.ts'
import type { SealedBundle } from '../../../shared/circulation/bundle/bundle.ts'
import {
  BUNDLE_ENDING,
  ORIGINALS,
  SHEET_ENDING,
  YEAR_INDEX,
  YEAR_LIST,
  YEAR_PURPOSE,
  YEAR_README,
  yearStatement,
  type SealedYearList,
  type YearList,
} from '../../../shared/circulation/bundle/year.ts'
import { createNames, originalName } from '../../../shared/circulation/export/file-names.ts'
import { revisionFileLines, type SheetOf } from '../../../shared/circulation/export/sheet-table.ts'
import { sheetOfBundle } from '../../../shared/circulation/export/sheet-of-bundle.ts'
import { sheetWorkbook } from '../../../shared/circulation/export/sheet-workbook.ts'
import { countersignKey, type CountersignKey } from '../../auth/countersign-key.ts'
import type { BlobStore } from '../../store/blob-store.ts'
import type { ReadTx, RecordStore } from '../../store/record-store.ts'
import { readBundle, sealBundle } from '../circulation-bundle.ts'
import { indexLine, indexWorkbook, readmeText, type IndexLine } from './year-index.ts'
import { planYear, type PlannedDocument } from './year-plan.ts'
import type { ZipContent } from './zip-writer.ts'

export interface YearExport {
  store: RecordStore
  blobs: BlobStore
  year: string
  exportedBy: { personId: string; name: string }
  now: number
  /** The signed files too. */
  withOriginals: boolean
  /** After each circulation: how many of how many. */
  onProgress?: (done: number, all: number) => void
}

export const readerOf =
  (store: RecordStore) =>
  (ask: (tx: ReadTx) => Promise<void>): Promise<void> =>
    store.read(ask)

export async function* yearContents(asked: YearExport): AsyncGenerator<ZipContent, void, undefined> {
  const { store, year, exportedBy, now, withOriginals } = asked
  const key = await countersignKey(store, now)
  const plan = await planYear(readerOf(store), year)
  const list: YearList['files'] = []
  const listed = (content: ZipContent): ZipContent => {
    const sha256 = createHash('sha256').update(content.bytes).digest('hex')
    list.push({ path: content.path, sha256, sizeBytes: content.bytes.length })
    return content
  }
  const all = plan.reduce((sum, { circulations }) => sum + circulations.length, 0)
  const index: IndexLine[] = []
  yield listed({ path: YEAR_README, bytes: readmeText({ year, now, exportedBy, withOriginals }), at: now })
  for (const document of plan)
    for await (const content of documentContents(asked, key, document, index)) {
      yield listed(content)
      if (content.path.endsWith(BUNDLE_ENDING)) asked.onProgress?.(index.length, all)
    }
  const { data, options } = indexWorkbook(index)
  const writeWorkbook = await loadWriter()
  const workbook = await bytesOf(writeWorkbook(data, options, { features: [a4Pages([options])] }))
  yield listed({ path: YEAR_INDEX, bytes: workbook, at: now, isPacked: true })
  const unsealed: YearList = {
    purpose: YEAR_PURPOSE,
    version: 1,
    year,
    exportedAt: now,
    exportedBy,
    circulations: index.length,
    files: list,
    publicKey: key.publicKey,
  }
  const signature = await key.sign(yearStatement(unsealed))
  const sealed: SealedYearList = { ...unsealed, seal: { keyId: key.keyId, signature } }
  yield { path: YEAR_LIST, bytes: Buffer.from(JSON.stringify(sealed)), at: now }
}

async function* documentContents(
  { store, blobs, exportedBy, now, withOriginals }: YearExport,
  key: CountersignKey,
  { folder, circulations }: PlannedDocument,
  index: IndexLine[],
): AsyncGenerator<ZipContent, void, undefined> {
  const names = createNames()
  /** By hash: the originals of a document lie there once, for all branches. */
  const originals = new Map<string, 'here' | 'gone'>()
  for (const { id, name } of circulations) {
    const bundle = await store.read(async (tx) => {
      const stored = await tx.record('circulation', id)
      // Erased since the year was planned.
      if (stored === undefined || stored.deleted) return undefined
      return readBundle(tx, stored, { exportedAt: now, exportedBy })
    })
    if (bundle === undefined) continue
    const sealed = await sealBundle(key, bundle)
    const of = sheetOfBundle(sealed)
    await setImmediate()
    if (withOriginals)
      for (const { file, label, revision, at } of filesOfBundle(sealed)) {
        if (originals.has(file.sha256)) continue
        const bytes = await blobs.read(file.sha256)
        originals.set(file.sha256, bytes === undefined ? 'gone' : 'here')
        const own = names(`第${revision}版 ${label} ${originalName(file.name, 50)}`)
        if (bytes !== undefined) yield { path: `${folder}/${ORIGINALS}/${own}`, bytes, at, isPacked: true }
      }
    const path = `${folder}/${name}`
    yield { path: `${path}${SHEET_ENDING}`, bytes: await sheetBytes(of), at: now, isPacked: true }
    const missing = filesOfBundle(sealed).filter(({ file }) => originals.get(file.sha256) === 'gone')
    index.push(
      indexLine(
        folder,
        of,
        missing.map(({ file }) => file.name),
      ),
    )
    yield { path: `${path}${BUNDLE_ENDING}`, bytes: Buffer.from(JSON.stringify(sealed)), at: now }
  }
}

const filesOfBundle = ({ circulation }: SealedBundle) =>
  circulation.fields.revisions.flatMap((r) =>
    revisionFileLines(r).map(({ label, name, sha256 }) => ({
      file: { name, sha256 },
      label: label.replaceAll(' ', ''),
      revision: r.revision,
      at: r.at,
    })),
  )

/** Packed small at once: what the workbook's own packing is left with takes a third of the time. */
const packRows = (rows: Uint8Array): Uint8Array => deflateSync(rows, { level: 4 })

async function sheetBytes(of: SheetOf): Promise<Uint8Array> {
  const { data, options, tab, images } = sheetWorkbook(of, packRows)
  const pictures = images.map((image) => ({ ...image, content: new Blob([image.content]) }))
  const about = { ...options, images: pictures }
  const writeWorkbook = await loadWriter()
  return await bytesOf(writeWorkbook(data, about, { features: [a4Pages([tab])] }))
}

/** With the first export: an endpoint starts without it. */
const loadWriter = async () => (await import('write-excel-file/universal')).default

/** Not by the library's way for Node: that one takes 2 MB anew for each picture of each sheet, and is slower. */
const bytesOf = async (workbook: { toBlob(): Promise<Blob> }): Promise<Uint8Array> =>
  new Uint8Array(await (await workbook.toBlob()).arrayBuffer())
