/** A document of several files from a folder onto the office's desk: all of them stored, once; a changed one is a new revision. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readDocumentFolder, type FolderFile } from '../../../src/server/import/folder.ts'
import { emptyReport } from '../../../src/server/import/run/import-job.ts'
import { documentIdOf, putDocuments } from '../../../src/server/import/run/put-documents.ts'
import type { Document } from '../../../src/shared/circulation/document/document.ts'
import { filesOf, revisionFiles } from '../../../src/shared/circulation/document/revisions.ts'
import { deskScope, ROOT_UNIT_ID } from '../../../src/shared/sync/scopes.ts'
import { MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { makePdf, onePixelPng, utf8 } from './fixtures.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  await endpoint.close()
})

async function bring(files: FolderFile[]): Promise<Document> {
  const { items } = await readDocumentFolder(files)
  const parts = { store: endpoint.store, blobs: endpoint.blobs, now: MONDAY, apply: true }
  await endpoint.store.write([], (tx) => putDocuments(parts, tx, items, emptyReport(), personIdOf('9001')))
  const stored = await endpoint.store.read((tx) => tx.record('document', documentIdOf(items[0]!)))
  return JSON.parse(stored!.fields) as Document
}

it('stores every file for the desk, and makes a new revision when one of them is another', async () => {
  const main = { path: '办〔2026〕1号 通知.pdf', bytes: await makePdf({ lines: ['x'] }) }
  const picture = { path: '办〔2026〕1号 通知附件/图.png', bytes: onePixelPng }
  const list = (text: string) => ({ path: '办〔2026〕1号 通知附件/名单.md', bytes: utf8(text) })
  const first = await bring([main, picture, list('内部资料')])
  expect(first.revisions).toHaveLength(1)
  const [revision] = first.revisions
  expect(filesOf(revision!).map(({ file, warnings }) => [file.name, file.mime, warnings ?? []])).toEqual([
    ['办〔2026〕1号 通知.pdf', 'application/pdf', []],
    ['名单.md', 'text/markdown', ['有“内部资料”字样']],
    ['图.png', 'image/png', ['是图片，系统看不到其中的文字']],
  ])
  for (const sha256 of revisionFiles([revision!])) {
    expect(await endpoint.blobs.read(sha256)).toBeDefined()
    const scopes = await endpoint.store.read((tx) => tx.blobScopes(sha256))
    expect(scopes).toContain(deskScope(ROOT_UNIT_ID))
  }
  expect((await bring([main, picture, list('内部资料')])).revisions).toHaveLength(1)
  expect((await bring([main, picture, list('改过的名单')])).revisions).toHaveLength(2)
  expect((await bring([main, list('改过的名单')])).revisions).toHaveLength(3)
})
