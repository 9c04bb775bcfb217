/** The comparison of attachments against random lists: nothing is left out, nothing is told twice. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareFiles,
  filesInWords,
  isChanged,
  type FileChange,
} from '../../../../../src/client/features/circulation/changes/file-changes.ts'

const file = (sha256: string, name: string) => ({
  file: { sha256, name, mime: 'application/pdf', sizeBytes: 1 },
  pages: 1,
  readingSha256: null,
})
/** Few hashes and names, so that much is the same, also twice in one list. */
const files = fc.array(
  fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('a', 'b', 'c')).map(([s, n]) => file(s, n)),
  { maxLength: 8 },
)
const told = (change: FileChange): string => {
  const name = (change.kind === 'removed' ? change.before : change.after).file.file.name
  return `${name} ${change.kind}${'isMoved' in change && change.isMoved ? ' moved' : ''}`
}

describe('the comparison of attachments', () => {
  it('has every attachment of both in exactly one line, as what it is', () => {
    fc.assert(
      fc.property(files, files, (before, after) => {
        const changes = compareFiles(before, after)
        const places = (side: 'before' | 'after') =>
          changes.flatMap((c) =>
            side in c ? [(c as Record<'before' | 'after', { place: number }>)[side].place] : [],
          )
        expect(places('before').toSorted((a, b) => a - b)).toEqual(before.map((_, at) => at + 1))
        expect(places('after')).toEqual(after.map((_, at) => at + 1))
        for (const change of changes) {
          if (!('isMoved' in change)) continue
          const [a, b] = [change.before.file.file, change.after.file.file]
          expect(change.kind).toBe(
            a.sha256 !== b.sha256 ? 'replaced' : a.name === b.name ? 'same' : 'renamed',
          )
          if (change.kind === 'replaced') expect(a.name).toBe(b.name)
        }
        // Those that were not moved stand in their old order.
        const stayed = changes.flatMap((c) => ('isMoved' in c && !c.isMoved ? [c.before.place] : []))
        expect(stayed).toEqual(stayed.toSorted((a, b) => a - b))
      }),
      { numRuns: 2000 },
    )
  })

  it('says nothing of what is the same', () => {
    fc.assert(
      fc.property(files, (same) => {
        const changes = compareFiles(same, same)
        expect(changes.filter(isChanged)).toEqual([])
        expect(filesInWords(changes)).toBe('附件没有改动。')
      }),
    )
  })

  it('tells one that was moved, not all that it went past', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((n) => file(n, n))
    expect(compareFiles([a!, b!, c!, d!], [d!, a!, b!, c!]).map(told)).toEqual([
      'd same moved',
      'a same',
      'b same',
      'c same',
    ])
  })

  it('knows the same bytes under another name, and another file under the same name', () => {
    const before = [file('1', '附表'), file('2', '流程'), file('3', '名单')]
    const after = [file('1', '附表一'), file('9', '流程'), file('8', '新增的')]
    const changes = compareFiles(before, after)
    expect(changes.map(told)).toEqual(['附表一 renamed', '流程 replaced', '新增的 added', '名单 removed'])
    expect(filesInWords(changes)).toBe('附件：新增 1 个，删去 1 个，更换 1 个，改名 1 个。')
  })
})
