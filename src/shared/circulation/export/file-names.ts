/**
 * Names of exported files. Guarantee: each can be written on Windows, macOS, Android and iOS, says what it can of the title, and
 * is unlike every other in its folder, also where capitals don't count.
 */

/** What no system takes; and marks that turn text round, so that a name could look like another. */
const NOT_IN_NAMES = /[\\/:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu
/** Devices of Windows, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu

/** @param most in UTF-16 units, as Windows counts; a path may have 260 of them */
export function fileNameOf(text: string, most: number): string {
  const plain = text.normalize('NFC').replace(NOT_IN_NAMES, ' ').replace(/\s+/gu, ' ')
  let cut = ''
  for (const letter of plain) {
    if (cut.length + letter.length > most) break
    cut += letter
  }
  // Windows drops dots and spaces at the end, and two names become one.
  const name = cut.trim().replace(/[. ]+$/u, '')
  if (name === '') return '未命名'
  return RESERVED.test(name) ? `_${name}` : name
}

/** A name with its ending kept, however long it is. */
export function originalName(name: string, most: number): string {
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 ? fileNameOf(name.slice(dot + 1), 8) : ''
  const stem = fileNameOf(ending === '' ? name : name.slice(0, dot), most - ending.length - 1)
  return ending === '' ? stem : `${stem}.${ending}`
}

/** Each name once: the second of the same is told apart by a number before its ending. */
export function createNames(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const dot = name.lastIndexOf('.')
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    let free = name
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${stem} (${n})${ending}`
    taken.add(free.toLowerCase())
    return free
  }
}
