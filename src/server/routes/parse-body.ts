/** Malformed input is 400 with the path of the bad field, never 500. */
import type { Context } from 'hono'
import * as v from 'valibot'
import { Refusal } from '../problem.ts'

const MAX_DEPTH = 32

function checkDepth(value: unknown, path = '', depth = 0): void {
  if (depth > MAX_DEPTH)
    throw new Refusal('bad-request', { message: '内容嵌套过深，没有收下。', field: path.slice(0, 100) })
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value))
    checkDepth(item, path === '' ? key : `${path}.${key}`, depth + 1)
}

/**
 * Half a sign (a surrogate without its pair) and a number beyond all numbers have no canonical form: they can be neither hashed
 * nor stored as they are. @throws Refusal bad-request
 */
export function checkCanonical(value: unknown, path = ''): void {
  const isBroken =
    typeof value === 'string' ? !value.isWellFormed() : value === Infinity || value === -Infinity
  if (isBroken)
    throw new Refusal('bad-request', {
      message: '内容里有残缺的字符或数，没有收下。请删去后重写。',
      field: path,
    })
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    const inner = path === '' ? key : `${path}.${key}`
    checkCanonical(key, inner)
    checkCanonical(item, inner)
  }
}

/**
 * The body, read no further than the limit, whatever the length says that it announces.
 * @param tooLarge what is said of more; by default that it is too much
 * @throws Refusal body-too-large
 */
export async function readBytes(
  c: Context,
  maxBytes: number,
  tooLarge: { message?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new Refusal('body-too-large', tooLarge)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of c.req.raw.body ?? []) {
    size += part.length
    if (size > maxBytes) throw new Refusal('body-too-large', tooLarge)
    parts.push(part)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

type Issue = v.BaseIssue<unknown>

/** Of a choice that nothing fitted, the complaint of the alternative that came furthest: it names a field. */
function named(issue: Issue): Issue {
  if (issue.path !== undefined || issue.issues === undefined) return issue
  return (
    issue.issues.find((inner) => inner.path !== undefined && inner.input !== undefined) ?? issue.issues[0]
  )
}

/** @throws Refusal bad-request */
export function checkShape<Schema extends v.GenericSchema<unknown, unknown>>(
  schema: Schema,
  raw: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, raw)
  if (result.success) return result.output
  const issue = named(result.issues[0])
  const field = v.getDotPath(issue) ?? ''
  throw new Refusal('bad-request', { field })
}

/** @throws Refusal bad-request, body-too-large */
export async function parseBody<Schema extends v.GenericSchema<unknown, unknown>>(
  c: Context,
  schema: Schema,
  maxBytes: number,
): Promise<v.InferOutput<Schema>> {
  const bytes = await readBytes(c, maxBytes)
  let raw: unknown
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('bad-request', { field: '' })
  }
  checkDepth(raw)
  return checkShape(schema, raw)
}
