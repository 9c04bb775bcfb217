/**
 * Files of this device on their way into a list that a record will name.
 *
 * Guaranteed: what enters the list is kept on this device under the hash of its bytes; no content enters twice; a file that
 * does not enter has a sentence that names it, and the others of the same choice are taken all the same; a photo enters without
 * the place where it was taken.
 */
import { nextTick, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import { secrecyMarkIn } from '../../../shared/circulation/intake/secrecy-marks.ts'
import type { FileRef } from '../../../shared/fields.ts'
import { sentenceOf } from '../sentence-of.ts'
import { sizeInWords } from './size-in-words.ts'
import { withoutPlace } from '../../../shared/without-place.ts'

/** Keeps the bytes on this device. @returns their SHA-256 as 64 hex digits. Rejects with what hinders it */
export type KeepFile = (bytes: ArrayBuffer, mime: string) => Promise<string>
/** Looks into a file before it is kept. @returns why it may not come in, as a sentence; undefined when it may */
export type FileGate = (name: string, bytes: ArrayBuffer) => Promise<string | undefined>

export interface FileRules {
  most: number
  mostBytes: number
  /** 个附件, 份材料: stands behind a number. */
  counter: string
  keep: KeepFile
  gate?: FileGate | undefined
}

export const USUAL_MOST_BYTES = 50 * 1024 * 1024
const LONGEST_NAME = 200
const UNNAMED = '未命名的文件'

/** At most `most` UTF-16 units, never half a letter. */
function cut(text: string, most: number): string {
  let kept = ''
  for (const letter of text) {
    if (kept.length + letter.length > most) break
    kept += letter
  }
  return kept
}

/** A name that a record takes: shortened before its extension, which says what opens it. */
export function nameOfFile(raw: string): string {
  const name = raw.trim()
  if (name === '') return UNNAMED
  const extension = /\.[0-9a-z]{1,5}$/iu.exec(name)?.[0] ?? ''
  return `${cut(name.slice(0, name.length - extension.length), LONGEST_NAME - extension.length)}${extension}`
}

type Taken = { ref: FileRef } | { refusal: string }

/** @param rules read anew for each file: a limit may be heard meanwhile */
export function useTakenFiles(list: Ref<FileRef[]>, rules: () => FileRules) {
  /** A sentence each. */
  const refusals = shallowRef<readonly string[]>([])
  /** The file that is being read, by its place in the choice; null when none is. */
  const taking = shallowRef<{ name: string; at: number; of: number } | null>(null)
  const isOver = ref(false)
  onScopeDispose(() => {
    isOver.value = true
  })

  const isFull = (): boolean => list.value.length >= rules().most
  const twinOf = (sha256: string) => list.value.find((kept) => kept.sha256 === sha256)
  function overfull(notTaken: number): string {
    const { most, counter } = rules()
    return `最多 ${most} ${counter}，有 ${notTaken} 个文件没有加上。请先移除不用的。`
  }

  function refusalByName({ name, size }: File): string | undefined {
    const { mostBytes } = rules()
    if (size === 0) return `“${name}”是空的，没有加上。请重新选一个。`
    if (size > mostBytes) return `“${name}”超过 ${sizeInWords(mostBytes)}，没有加上。请压缩或拆开后再加。`
    const mark = secrecyMarkIn(name)
    return mark?.level === 'refuse'
      ? `“${name}”的名称带有“${mark.mark}”字样，没有加上。涉密文件不得进入本系统。`
      : undefined
  }

  async function takeOne(file: File): Promise<Taken> {
    const refusal = refusalByName(file)
    if (refusal !== undefined) return { refusal }
    // A file of a cloud drive may be gone by now, or its permission: the browser gives no better reason.
    const read = await file.arrayBuffer().catch(() => null)
    if (read === null) return { refusal: `“${file.name}”读不出来，没有加上。请重新选一次。` }
    const bytes = withoutPlace(read)
    const { gate, keep } = rules()
    const seen = await gate?.(file.name, bytes)
    if (seen !== undefined) return { refusal: `“${file.name}”没有加上。${seen}` }
    const mime = file.type || 'application/octet-stream'
    const sizeBytes = bytes.byteLength
    const sha256 = await keep(bytes, mime)
    return { ref: { sha256, name: nameOfFile(file.name), mime, sizeBytes } }
  }

  /** @returns why it did not enter */
  function enter(file: FileRef): string | undefined {
    if (isFull()) return overfull(1)
    const twin = twinOf(file.sha256)
    if (twin !== undefined)
      return twin.name === file.name
        ? `“${file.name}”已经在里面。`
        : `“${file.name}”和“${twin.name}”内容相同，没有重复加上。`
    list.value = [...list.value, file]
    return undefined
  }

  /** One after another: a phone has memory for one file. */
  async function take(files: readonly File[]): Promise<void> {
    if (taking.value !== null) return
    refusals.value = []
    const refuse = (sentence: string): void => {
      refusals.value = [...refusals.value, sentence]
    }
    try {
      for (const [at, file] of files.entries()) {
        if (isOver.value) return
        if (isFull()) return refuse(overfull(files.length - at))
        taking.value = { name: file.name, at, of: files.length }
        const taken = await takeOne(file)
        const refusal = 'refusal' in taken ? taken.refusal : enter(taken.ref)
        if (refusal !== undefined) refuse(refusal)
        // The list is the parent's: the next file is judged by what it holds then.
        await nextTick()
      }
    } catch (error) {
      refuse(sentenceOf(error))
    } finally {
      taking.value = null
    }
  }

  /** A file that the phone or the endpoint holds already. */
  function add(file: FileRef): void {
    const refusal = enter({ ...file, name: nameOfFile(file.name) })
    refusals.value = refusal === undefined ? [] : [refusal]
  }
  function remove(sha256: string): void {
    refusals.value = []
    list.value = list.value.filter((file) => file.sha256 !== sha256)
  }
  return { refusals, taking, take, add, remove }
}
