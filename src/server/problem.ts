/** A refusal with a code of the protocol's error table; the app's error handler turns it into an answer. */
import { ERRORS, type ErrorBody, type ErrorCode } from '../shared/sync/protocol/errors.ts'

export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  constructor(
    code: ErrorCode,
    options: { message?: string; field?: string; retryAfterSeconds?: number } = {},
  ) {
    super(options.message ?? ERRORS[code].sentence)
    this.code = code
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  toBody(): ErrorBody {
    const { code, message, field } = this
    return { error: field === undefined ? { code, message } : { code, message, field } }
  }
}
