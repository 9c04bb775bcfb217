/** Questions over the whole bureau, which no phone holds: asked when the screen needs them, never stored. */
import * as v from 'valibot'
import { callEndpoint, type CallOptions } from './call.ts'

const AnyJson = v.custom<object>((value) => typeof value === 'object' && value !== null, 'not an answer')

/**
 * `GET /api/office/<path>`. The caller names the shape of the answer; with a schema it is also checked.
 * @param path below `/api/office/`, with its query
 * @throws RemoteProblem
 */
export async function ask<Answer>(
  path: string,
  options: CallOptions & { schema?: v.GenericSchema<unknown, Answer> } = {},
): Promise<Answer> {
  const address = `/api/office/${path.replace(/^\/+/, '')}`
  const schema = (options.schema ?? AnyJson) as v.GenericSchema<unknown, Answer>
  return await callEndpoint(address, { method: 'GET' }, schema, options)
}
