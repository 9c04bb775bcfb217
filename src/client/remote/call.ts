/**
 * One call to the endpoint that a screen waits for. What comes back is checked before it is believed: a captive portal
 * answers every address with its own page and status 200.
 */
import * as v from 'valibot'
import { ERRORS, isErrorCode, type ErrorCode } from '../../shared/sync/protocol/errors.ts'

const CALL_TIMEOUT_MS = 30_000

/** `offline`: no answer came, or not from the endpoint. */
export type ProblemCode = ErrorCode | 'offline'

/** Thrown, or handed back where a refusal is an expected outcome. `message` is a Chinese sentence for the person. */
export class RemoteProblem extends Error {
  readonly type = 'remote-problem'
  readonly code: ProblemCode
  /** Path of the field that was refused. */
  readonly field?: string

  constructor(code: ProblemCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'RemoteProblem'
    this.code = code
    if (options.field !== undefined) this.field = options.field
  }
}

export const offlineProblem = (cause?: unknown): RemoteProblem =>
  new RemoteProblem('offline', '现在连不上服务器。请连上网络后再试。', { cause })

export interface CallOptions {
  fetch?: typeof fetch
  signal?: AbortSignal
}

const ErrorAnswer = v.object({
  error: v.object({ code: v.string(), message: v.optional(v.string(), ''), field: v.optional(v.string()) }),
})

/** Without a body of ours. A 401 of a proxy or a portal says nothing about the session. */
function codeOfStatus(status: number): ProblemCode {
  if (status === 401) return 'offline'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  if (status === 413) return 'body-too-large'
  if (status === 429) return 'slow-down'
  return status >= 500 ? 'overloaded' : 'bad-request'
}

/** A refused field is named by type and path, in the validator's words: of use in a log, not on a screen. */
const isForPeople = (message: string): boolean =>
  /\p{Script=Han}/u.test(message) && !/^[\w./-]+( [\w./-]*)?: /.test(message)

/** The problem that a refusing answer tells. */
export async function problemOf(response: Response): Promise<RemoteProblem> {
  const read = v.safeParse(ErrorAnswer, await readJson(response))
  if (!read.success) {
    const code = codeOfStatus(response.status)
    return code === 'offline' ? offlineProblem() : new RemoteProblem(code, ERRORS[code].sentence)
  }
  const { code, message, field } = read.output.error
  const known = isErrorCode(code) ? code : codeOfStatus(response.status)
  const sentence = isForPeople(message) || known === 'offline' ? message : ERRORS[known].sentence
  return new RemoteProblem(known, sentence, field === undefined ? {} : { field })
}

/** undefined when the body is not JSON. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function withTimeout(signal: AbortSignal | undefined, timeoutMs: number) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  const follow = () => controller.abort()
  signal?.addEventListener('abort', follow)
  const done = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', follow)
  }
  return { signal: controller.signal, done }
}

/**
 * @returns the checked answer
 * @throws RemoteProblem; the signal's own abort passes as it is
 */
export async function callEndpoint<Schema extends v.GenericSchema<unknown, unknown>>(
  path: string,
  init: { method: string; body?: unknown },
  schema: Schema,
  options: CallOptions = {},
): Promise<v.InferOutput<Schema>> {
  const limit = withTimeout(options.signal, CALL_TIMEOUT_MS)
  try {
    const response = await (options.fetch ?? globalThis.fetch)(path, {
      method: init.method,
      credentials: 'same-origin',
      signal: limit.signal,
      ...(init.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(init.body) }),
    })
    if (!response.ok) throw await problemOf(response)
    const answer = response.status === 204 ? {} : await readJson(response)
    const read = v.safeParse(schema, answer)
    if (!read.success) throw offlineProblem()
    return read.output
  } catch (error) {
    if (error instanceof RemoteProblem) throw error
    if (options.signal?.aborted === true) throw error
    throw offlineProblem(error)
  } finally {
    limit.done()
  }
}
