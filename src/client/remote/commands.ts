/**
 * Bulk acts of the office, which happen wholly or not at all. The id is made here: the same command sent twice with one id
 * is one act, and brings the stored outcome.
 */
import { uuidv7 } from 'uuidv7'
import * as v from 'valibot'
import { callEndpoint, type CallOptions } from './call.ts'

const AnyObject = v.custom<object>((value) => typeof value === 'object' && value !== null, 'not an answer')

export const newCommandId = (): string => uuidv7()

/**
 * `POST /api/commands/<name>`.
 * @param options.id keep it over attempts of the same act, so that an answer lost on the way does no harm
 * @throws RemoteProblem
 */
export async function command<Answer = object>(
  name: string,
  body: Readonly<Record<string, unknown>>,
  options: CallOptions & { id?: string; schema?: v.GenericSchema<unknown, Answer> } = {},
): Promise<Answer> {
  const schema = (options.schema ?? AnyObject) as v.GenericSchema<unknown, Answer>
  const whole = { ...body, id: options.id ?? newCommandId() }
  return await callEndpoint(`/api/commands/${name}`, { method: 'POST', body: whole }, schema, options)
}
