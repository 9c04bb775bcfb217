/**
 * The gate for materials of a meeting, before they are kept: the same as for a document that is to be circulated. Text is looked
 * through on this phone, with no network too; whatever else it is, the endpoint looks when there is a line, and again when the
 * file is sent (server/routes/blobs.ts): a marked one never reaches anybody else.
 */
import { refusedText } from '../../../../shared/circulation/intake/gate.ts'
import { RemoteProblem } from '../../../remote/call.ts'
import type { FileGate } from '../../../ui/files/taken-files.ts'

/** Asks the endpoint. @throws RemoteProblem */
export type AskFacts = (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>

/** Sent twice, a larger one would cost more than it saves: the endpoint looks at it when it is sent. */
const MOST_ASKED_BYTES = 8 * 1024 * 1024
/** Nobody waits longer for it on a line that stalls. */
const LONGEST_ANSWER_MS = 10_000
/** For any kind of file; `file-mislabelled` would only say that it is none for circulation. */
const REFUSALS: ReadonlySet<string> = new Set(['secrecy-mark', 'file-refused'])

/** undefined for what is no text: bytes that no text has, or no UTF-8. */
function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

async function refusalOf(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer
    return undefined
  } catch (problem) {
    if (!(problem instanceof RemoteProblem)) throw problem
    return REFUSALS.has(problem.code) ? problem.message : undefined
  }
}

export const createMaterialsGate =
  (ask: AskFacts): FileGate =>
  async (name, buffer) => {
    const bytes = new Uint8Array(buffer)
    const text = plainText(bytes)
    if (text !== undefined) return refusedText(text)
    if (bytes.length > MOST_ASKED_BYTES) return undefined
    let timer: number | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = window.setTimeout(resolve, LONGEST_ANSWER_MS)
    })
    try {
      return await Promise.race([refusalOf(ask(name, bytes)), late])
    } finally {
      clearTimeout(timer)
    }
  }
