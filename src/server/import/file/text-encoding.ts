/**
 * Text files come from Windows desktops: UTF-8 with and without BOM, UTF-16 from Notepad, GB18030 from older Excel.
 * Guarantee: a text is either decoded without a single replaced character, or refused.
 */
import { refused, type Refusal } from '../problems.ts'

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'gb18030'

export interface DecodedText {
  type: 'text'
  text: string
  encoding: TextEncoding
}

/**
 * Bytes to text. A BOM decides; otherwise strict UTF-8, otherwise strict GB18030.
 * Refused: NUL characters, bytes that fit no encoding, and UTF-8 with a few damaged bytes (which GB18030 would
 * otherwise accept as nonsense characters).
 */
export function decodeText(bytes: Uint8Array): DecodedText | Refusal {
  const marked = decodeByMark(bytes)
  if (marked !== null) return marked
  const utf8 = decodeStrictly(bytes, 'utf-8')
  if (utf8 !== null) return accept(utf8, 'utf-8')
  const damagedAt = damagedUtf8Position(bytes)
  if (damagedAt !== null) {
    return refused(`文字是 UTF-8 编码，但第 ${damagedAt} 个字符处已损坏。请从原处重新复制这个文件。`)
  }
  const gb = decodeStrictly(bytes, 'gb18030')
  if (gb !== null) return accept(gb, 'gb18030')
  return refused('认不出文字编码（不是 UTF-8、UTF-16 或 GB18030）。请用记事本另存为 UTF-8 后再导入。')
}

function decodeByMark(bytes: Uint8Array): DecodedText | Refusal | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeMarked(bytes.subarray(3), 'utf-8', 'utf-8-bom')
  if (a === 0xff && b === 0xfe) return decodeMarked(bytes.subarray(2), 'utf-16le', 'utf-16le')
  if (a === 0xfe && b === 0xff) return decodeMarked(bytes.subarray(2), 'utf-16be', 'utf-16be')
  return null
}

function decodeMarked(bytes: Uint8Array, label: string, encoding: TextEncoding): DecodedText | Refusal {
  const text = decodeStrictly(bytes, label)
  return text === null
    ? refused(`文件开头标明是 ${label.toUpperCase()} 编码，内容却不是。请用记事本另存为 UTF-8 后再导入。`)
    : accept(text, encoding)
}

function accept(text: string, encoding: TextEncoding): DecodedText | Refusal {
  return text.includes('\0')
    ? refused('内容不是纯文字（含有空字节）。请检查是否选错了文件。')
    : { type: 'text', text, encoding }
}

function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Mostly valid UTF-8 with few bad places is a damaged UTF-8 file; GB text read as UTF-8 is bad nearly everywhere. */
function damagedUtf8Position(bytes: Uint8Array): number | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  let bad = 0
  let beyondAscii = 0
  for (const char of text) {
    if (char === '\uFFFD') bad += 1
    else if (char > '\x7F') beyondAscii += 1
  }
  return bad > 0 && bad * 4 < beyondAscii ? text.indexOf('\uFFFD') + 1 : null
}
