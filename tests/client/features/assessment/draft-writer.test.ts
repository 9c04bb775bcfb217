import { describe, expect, it } from 'vitest'
import {
  createDraftWriter,
  type DraftValues,
} from '../../../../src/client/features/assessment/draft-writer.ts'
import { InvalidFields, StorageTrouble } from '../../../../src/client/storage/trouble.ts'

function setUp(save?: (changes: DraftValues) => Promise<void>) {
  const saved: DraftValues[] = []
  const writer = createDraftWriter({
    delayMs: 5,
    save: async (changes) => {
      await save?.(changes)
      saved.push(changes)
    },
  })
  return { saved, writer }
}

describe('a draft writer', () => {
  it('saves once after the last key, by path', async () => {
    const { saved, writer } = setUp()
    writer.set({ 'a/sentence': '走' })
    writer.set({ 'a/sentence': '走访' })
    writer.set({ 'b/score': 4 })
    expect(saved).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(saved).toEqual([{ 'a/sentence': '走访', 'b/score': 4 }])
  })
  it('saves at once when flushed, and says when all is on the disk', async () => {
    const { saved, writer } = setUp()
    writer.set({ 'a/score': 3 })
    expect(writer.isSaving.value).toBe(true)
    expect(await writer.flush()).toBe(true)
    expect(saved).toHaveLength(1)
    expect(writer.isSaving.value).toBe(false)
  })
  it('keeps what was typed over a slower answer of the database', async () => {
    const { writer } = setUp()
    writer.set({ 'a/sentence': '走访两户' })
    await writer.flush()
    writer.readBack(() => '走访')
    expect(writer.typed.value.get('a/sentence')).toBe('走访两户')
    writer.readBack(() => '走访两户')
    expect(writer.typed.value.size).toBe(0)
  })
  it('one refused path holds back no other, stays typed, is told, and is tried again', async () => {
    let isStrict = true
    const { saved, writer } = setUp(async (changes) => {
      if (isStrict && 'a/evidence' in changes) throw new InvalidFields('a.evidence', '不超过 200 字')
    })
    writer.set({ 'a/evidence': '长', 'b/score': 5 })
    expect(await writer.flush()).toBe(false)
    expect(saved).toEqual([{ 'b/score': 5 }])
    expect(writer.trouble.value).toBe('不超过 200 字')
    expect(writer.typed.value.get('a/evidence')).toBe('长')
    isStrict = false
    expect(await writer.flush()).toBe(true)
    expect(writer.trouble.value).toBeNull()
  })
  it('a full disk loses nothing: the newer text wins when there is room again', async () => {
    let isFull = true
    const { saved, writer } = setUp(async () => {
      if (isFull) throw new StorageTrouble('quota', undefined)
    })
    writer.set({ 'a/sentence': '一' })
    await writer.flush()
    writer.set({ 'a/sentence': '一二' })
    isFull = false
    await writer.flush()
    expect(saved).toEqual([{ 'a/sentence': '一二' }])
  })
})
