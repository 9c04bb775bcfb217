/** Attacks on what a signature covers: a revision of several files is another thing than any of them, or than the same otherwise ordered. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currentRevision, revisionFiles } from '../../../src/shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../src/shared/circulation/document/signed-sha256.ts'
import { circulation } from '../../../src/shared/circulation/circulation.ts'
import { recipientState } from '../../../src/shared/circulation/coverage/coverage.ts'
import { documentConfirmation } from '../../../src/shared/circulation/document/document-confirmation.ts'
import { document, type Document, type Revision } from '../../../src/shared/circulation/document/document.ts'
import { sheetOf } from '../../../src/shared/circulation/sheet.ts'
import { signOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import type { Actor } from '../../../src/shared/org/actor.ts'
import { parseFields } from '../../../src/shared/sync/define-record.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { ROOT_UNIT_ID } from '../../../src/shared/sync/scopes.ts'
import { NOW, signOffBy } from './sign-offs.ts'

const hash = (n: number) => n.toString(16).padStart(64, '0')
const fileOf = (n: number, name = `${n}.pdf`) => ({
  file: { sha256: hash(n), name, mime: 'application/pdf', sizeBytes: n },
  pages: 1,
  readingSha256: null,
})
const revisionOf = (main: number, ...more: number[]): Revision => ({
  revision: 1,
  ...fileOf(main),
  ...(more.length === 0 ? {} : { attachments: more.map((n) => fileOf(n)) }),
  at: NOW,
  note: '',
})
const officer = (personId: string): Actor => ({
  personId,
  now: NOW,
  memberships: [{ unitId: 'b', primary: true, memberKind: 'full', from: '2026-01-01', to: null }],
  roles: [
    { unitId: ROOT_UNIT_ID, role: 'office', from: '2026-01-01', to: null },
    { unitId: 'b', role: 'branch-officer', from: '2026-01-01', to: null },
  ] as unknown as Actor['roles'],
  unitsById: new Map([
    [ROOT_UNIT_ID, { id: ROOT_UNIT_ID, kind: 'committee', parentId: null }],
    ['b', { id: 'b', kind: 'branch', parentId: ROOT_UNIT_ID }],
  ]) as unknown as Actor['unitsById'],
})

describe('what is signed', () => {
  it('of one file is its own hash: every sign-off made before there were attachments stays right', () => {
    expect(signedSha256(revisionOf(7))).toBe(hash(7))
    expect(signedSha256({ ...revisionOf(7), attachments: [] })).toBe(hash(7))
  })

  it('of several is pinned: it stands on paper and in archives', () => {
    expect(signedSha256(revisionOf(1, 2, 3))).toBe(
      '3a72579df4152bb93bdf724bd58cd8e9b91dbc6dfff6fa2e8f8aa48374858b53',
    )
  })

  it('no two lists of files have the same, whatever is swapped, added, taken away or put in another order', () => {
    const list = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(list, list, ([a, ...as], [b, ...bs]) => {
        const same = JSON.stringify([a, ...as]) === JSON.stringify([b, ...bs])
        expect(signedSha256(revisionOf(a!, ...as)) === signedSha256(revisionOf(b!, ...bs))).toBe(same)
      }),
    )
  })

  it('all files go with it, and each once', () => {
    const revision = { ...revisionOf(1, 2, 2), readingSha256: hash(9) }
    expect(revisionFiles([revision])).toEqual([hash(1), hash(9), hash(2)])
    const c = { state: 'open', revisions: [revision] } as unknown as Circulation
    expect(circulation.blobs?.(c)).toEqual([hash(1), hash(9), hash(2)])
    expect(document.blobs?.(c as unknown as Document)).toEqual([hash(1), hash(9), hash(2)])
  })

  it('what was stored before keeps its very form, so that seals and receipts over it hold', () => {
    const before: JsonObject = {
      revision: 1,
      file: { sha256: hash(1), name: 'a.pdf', mime: 'application/pdf', sizeBytes: 1 },
      pages: 1,
      readingSha256: null,
      at: NOW,
      note: '',
    }
    const parsed = parseFields(document, {
      ...documentOf(revisionOf(1)),
      revisions: [before],
    } as unknown as JsonObject)
    expect(parsed.ok && (parsed.fields as Document).revisions).toEqual([before])
  })
})

const circulationOf = (...revisions: Revision[]): JsonObject =>
  ({
    unitId: 'b',
    documentId: 'd',
    state: 'open',
    revisions,
    recipients: [{ personId: 'li', name: '李' }],
  }) as unknown as JsonObject

describe('a sign-off', () => {
  const whole = revisionOf(1, 2, 3)
  const sign = (sha256: string) =>
    signOff.canWrite({
      actor: officer('li'),
      next: signOffBy(sha256),
      current: undefined,
      observedAt: NOW,
      parents: [{ type: 'circulation', id: 'c', fields: circulationOf(whole) }],
    })

  it('of all files is taken', () => expect(sign(signedSha256(whole))).toBe(true))
  it.each([
    ['正文 alone', hash(1)],
    ['an attachment alone', hash(2)],
    ['one attachment less', signedSha256(revisionOf(1, 2))],
    ['one more', signedSha256(revisionOf(1, 2, 3, 4))],
    ['another in its place', signedSha256(revisionOf(1, 2, 4))],
    ['the same in another order', signedSha256(revisionOf(1, 3, 2))],
    ['an attachment as 正文', signedSha256(revisionOf(2, 1, 3))],
  ])('of %s is refused, and counts for nothing', (_what, sha256) => {
    expect(sign(sha256)).toBe('unknown-revision')
    const c = circulationOf(whole) as unknown as Circulation
    expect(recipientState(c, [signOffBy(sha256)])).not.toBe('signed')
  })
  it('the sheet bears another code when a file is another', () => {
    const code = (revision: Revision) =>
      sheetOf({
        circulation: { id: 'c', fields: circulationOf(revision) as unknown as Circulation },
        changes: [],
        signOffs: [],
      }).code
    expect(new Set([code(whole), code(revisionOf(1, 3, 2)), code(revisionOf(1, 2))]).size).toBe(3)
  })
})

function documentOf(...revisions: Revision[]): Document {
  return {
    ownerUnitId: ROOT_UNIT_ID,
    documentNo: '',
    title: '通知',
    issuer: '',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
    nonClassifiedBy: 'li',
    nonClassifiedAt: NOW,
    revisions,
    withdrawn: false,
  }
}
const json = (value: unknown) => value as JsonObject

describe('a confirmation', () => {
  const confirm = (sha256: string, revision: Revision) =>
    documentConfirmation.canWrite({
      actor: officer('wang'),
      next: {
        ownerUnitId: ROOT_UNIT_ID,
        documentId: 'd',
        revision: 1,
        sha256,
        confirmedBy: 'wang',
        title: '',
      },
      current: undefined,
      observedAt: NOW,
      parents: [{ type: 'document', id: 'd', fields: json(documentOf(revision)) }],
    })
  it('is of all files, not of one set for another', () => {
    const whole = revisionOf(1, 2)
    expect(confirm(signedSha256(whole), whole)).toBe(true)
    expect(confirm(hash(1), whole)).toBe('unknown-revision')
    expect(confirm(signedSha256(whole), revisionOf(1, 3))).toBe('unknown-revision')
  })

  it('of one set sends no other out', () => {
    const send = (revision: Revision, confirmed: string) =>
      circulation.canWrite({
        actor: officer('li'),
        next: {
          ...json(circulationOf(revision)),
          dispatchedBy: 'li',
          title: '通知',
          documentNo: '',
        } as never,
        current: undefined,
        observedAt: NOW,
        parents: [
          { type: 'document', id: 'd', fields: json(documentOf(revision)) },
          { type: 'document-confirmation', id: 'x', fields: { revision: 1, sha256: confirmed } },
        ],
      })
    const whole = revisionOf(1, 2)
    expect(send(whole, signedSha256(whole))).toBe(true)
    for (const other of [hash(1), signedSha256(revisionOf(2, 1)), signedSha256(revisionOf(1, 2, 3))])
      expect(send(whole, other)).toBe('not-confirmed')
  })
})

describe('a registered revision', () => {
  const write = (current: Document | undefined, next: Document, by = 'li') =>
    document.canWrite({ actor: officer(by), next, current, observedAt: NOW, parents: [] } as never)

  it('stays as it was declared: nobody puts another file, or another reading text, in its place', () => {
    const standing = documentOf(revisionOf(1, 2))
    expect(write(undefined, standing)).toBe(true)
    expect(write(standing, { ...standing, title: '通知（更正）' })).toBe(true)
    const next = (revision: Revision) => write(standing, documentOf(revision), 'wang')
    expect(next(revisionOf(1, 3))).toBe('frozen')
    expect(next(revisionOf(1))).toBe('frozen')
    expect(next({ ...revisionOf(1, 2), readingSha256: hash(8) })).toBe('frozen')
    expect(write(standing, { ...standing, revisions: [] } as unknown as Document)).toBe('frozen')
    const second = { ...revisionOf(4), revision: 2 }
    expect(write(standing, { ...standing, revisions: [...standing.revisions, second] })).toBe(true)
    expect(currentRevision({ revisions: [...standing.revisions, second] })).toBe(second)
  })

  it('bears no mark in the name of any file, and has no more than twenty attachments', () => {
    const marked = { ...revisionOf(1), attachments: [fileOf(2, '机密名单.pdf')] }
    expect(write(undefined, documentOf(marked))).toBe('secrecy-mark')
    const many = revisionOf(1, ...Array.from({ length: 21 }, (_, at) => at + 2))
    expect(parseFields(document, json(documentOf(many))).ok).toBe(false)
  })
})
