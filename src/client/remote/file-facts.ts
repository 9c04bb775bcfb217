/** `POST /api/office/file-facts`: what a file is, asked before it is registered. Nothing is stored by asking. */
import * as v from 'valibot'
import { FileFacts } from '../../shared/circulation/intake/file-facts.ts'
import { offlineProblem, problemOf, type CallOptions } from './call.ts'

/**
 * Without a time limit of its own: a Word file of 50 MB takes its time on a slow line.
 * @param unitId the desk that asks
 * @throws RemoteProblem; its sentence says what is wrong with the file
 */
export async function askFileFacts(
  unitId: string,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: Pick<CallOptions, 'fetch'> = {},
): Promise<FileFacts> {
  const query = new URLSearchParams({ unit: unitId, name })
  let response: Response
  try {
    response = await (options.fetch ?? globalThis.fetch)(`/api/office/file-facts?${query}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    })
  } catch (error) {
    throw offlineProblem(error)
  }
  if (!response.ok) throw await problemOf(response)
  const read = v.safeParse(FileFacts, await response.json().catch(() => undefined))
  if (!read.success) throw offlineProblem()
  return read.output
}
