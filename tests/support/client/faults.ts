/** What can go wrong with one request, and how a refusing answer looks on the wire. */
import { ERRORS, type ErrorCode } from '../../../src/shared/sync/protocol/errors.ts'

export type Fault =
  | 'drop-request'
  | 'drop-answer'
  | 'portal'
  | 'truncate'
  | 'twice'
  | { code: ErrorCode; retryAfter?: string; field?: string }
  | { status: number; text: string; retryAfter?: string }

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export function faultAnswer(fault: Exclude<Fault, string>): Response {
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
  if ('text' in fault) return new Response(fault.text, { status: fault.status, headers })
  const { status, sentence } = ERRORS[fault.code]
  const field = 'field' in fault && fault.field !== undefined ? { field: fault.field } : {}
  return json(status, { error: { code: fault.code, message: sentence, ...field } }, headers)
}
