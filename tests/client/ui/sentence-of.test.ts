// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { InvalidFields, StorageTrouble } from '../../../src/client/storage/trouble.ts'
import { RemoteProblem } from '../../../src/client/remote/call.ts'
import { sentenceOf, UNFORESEEN } from '../../../src/client/ui/sentence-of.ts'

afterEach(() => vi.unstubAllGlobals())

describe('what went wrong, in words', () => {
  it('keeps the sentence of our own errors', () => {
    expect(sentenceOf(new StorageTrouble('quota', null))).toContain('手机空间不足')
    expect(sentenceOf(new RemoteProblem('forbidden', '你现在的职务不能做这件事。'))).toBe(
      '你现在的职务不能做这件事。',
    )
    expect(sentenceOf(new InvalidFields('title', '不能为空'))).toBe('不能为空')
  })
  it('never shows the words of an error that nobody foresaw', () => {
    const unforeseen = [
      new TypeError("Cannot read properties of undefined (reading 'fields')"),
      new RangeError('Invalid time value'),
      new DOMException('The operation was aborted.', 'AbortError'),
      'a string that was thrown',
      undefined,
    ]
    for (const problem of unforeseen) {
      expect(sentenceOf(problem)).toBe(UNFORESEEN)
      expect(sentenceOf(problem, '纪要没有存下，写的都还在。')).toBe('纪要没有存下，写的都还在。')
    }
  })
  it('nor the words of the validator, or of an endpoint that speaks no Chinese', () => {
    const invalid = new InvalidFields('text', 'Invalid length: Expected <=5000 but received 6000')
    expect(sentenceOf(invalid)).toContain('没有存下')
    expect(sentenceOf(new RemoteProblem('unknown-type', 'lesson'))).toBe(UNFORESEEN)
  })
  it('a part of the app that is not here: of the line, or of the version', () => {
    const gone = new TypeError('Failed to fetch dynamically imported module: /assets/a.js')
    vi.stubGlobal('navigator', { onLine: true })
    expect(sentenceOf(gone)).toContain('有新版本，请重新打开')
    expect(sentenceOf(new TypeError('Load failed'))).toContain('连上网络')
    vi.stubGlobal('navigator', { onLine: false })
    expect(sentenceOf(gone)).toContain('连上网络')
  })
})
