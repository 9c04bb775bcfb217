/**
 * A phone that writes, by hand: its queue keeps its numbers, the same numbers are sent again until they are answered, and what it
 * was told is remembered. Now and then an answer is lost after it came, or the same batch is sent twice at once.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { canonicalJson, idFrom } from '../../src/shared/sync/canonical.ts'
import { formatHlc } from '../../src/shared/sync/hlc.ts'
import type { JsonValue } from '../../src/shared/sync/json.ts'
import type { Mutation, Outcome, PushAnswer } from '../../src/shared/sync/protocol/push.ts'
import { branchId, type Connection } from '../support/endpoint.ts'
import { mutationOf, type MutationParts } from '../support/wire.ts'
import { LESSONS } from './crash-hall.ts'
import { ask, type Load } from './load.ts'
import type { Random } from '../support/random.ts'

/** As the endpoint keeps them of each device (routes/push/push.ts). */
const KEPT_OUTCOMES = 1000

export interface Writer {
  readonly staffNo: string
  readonly branch: string
  readonly connection: Connection
  readonly random: Random
  /** Different in each hall. */
  readonly salt: string
  readonly queue: Mutation[]
  /** By number; settled or not. */
  readonly written: Map<number, Mutation>
  /** Whatever the endpoint said of a number, as canonical text; also when the phone lost the answer. */
  readonly told: Map<number, string>
  /** Outcomes of numbers below this may be gone. */
  keptFrom: number
  /** Columns: the revision that it knows, and whether an edit is on its way. */
  readonly columns: Map<string, { rev: number; isOpen: boolean }>
}

export const createWriter = (
  connection: Connection,
  random: Random,
  about: Pick<Writer, 'staffNo' | 'branch' | 'salt'>,
): Writer => ({
  ...about,
  connection,
  random,
  queue: [],
  written: new Map(),
  told: new Map(),
  keptFrom: 1,
  columns: new Map(),
})

export const outcomesOf = (writer: Writer): { mutation: Mutation; outcome: Outcome }[] =>
  [...writer.told].map(([n, text]) => ({
    mutation: writer.written.get(n)!,
    outcome: JSON.parse(text) as Outcome,
  }))

const isOffice = ({ staffNo }: Writer) => staffNo.startsWith('9')
const SHARED_COLUMNS = 3

function compose(writer: Writer, n: number): MutationParts {
  const { random, salt, staffNo, connection } = writer
  const { personId } = connection
  const id = idFrom('crash', salt, `${staffNo}-${n}`)
  const text = `${staffNo} 第 ${n} 条`
  const dice = random.below(100)
  if (isOffice(writer) && dice < 60) return composeColumn(writer, id, text)
  // Refused for ever: it must not stand in the way of the rest.
  if (dice < 5) return { type: 'opinion', id, fields: { personId, text: '' } }
  if (dice < 50) return { type: 'opinion', id, fields: { personId, text } }
  if (dice < 75) {
    const lesson = LESSONS[random.below(LESSONS.length)]!
    const unitId = branchId(writer.branch)
    const about = { lessonId: lesson.id, week: '2026-W47', lessonTitle: lesson.title, lessonRevision: 1 }
    const fields = { personId, unitId, ...about, learned: random.chance(0.5), supersedes: [] }
    return { type: 'lesson-receipt', id, fields }
  }
  const place = { personId, bookId: 'b', chapterId: 'c', paragraph: 1, quote: '' }
  const note = idFrom('crash', salt, `${staffNo}-note-${random.below(3)}`)
  return { type: 'note', id: note, fields: { ...place, text } }
}

/** A new one, or an edit of one that both offices edit: one of them is told that it comes too late. */
function composeColumn({ random, salt, columns }: Writer, id: string, name: string): MutationParts {
  const shared = idFrom('crash', salt, `shared-${random.below(SHARED_COLUMNS)}`)
  const known = columns.get(shared) ?? { rev: 0, isOpen: false }
  const isEdit = !known.isOpen && random.chance(0.7)
  if (isEdit) columns.set(shared, { ...known, isOpen: true })
  const fields = { name, order: 0, hidden: false }
  return { type: 'column', id: isEdit ? shared : id, fields, baseRev: isEdit ? known.rev : 0 }
}

function write(writer: Writer): void {
  const n = writer.written.size + 1
  const now = Date.now()
  const parts = compose(writer, n)
  const mutation = mutationOf(n, { ...parts, hlc: formatHlc(now, n, writer.staffNo), observedAt: now })
  writer.written.set(n, mutation)
  writer.queue.push(mutation)
}

const send = async (load: Load, { connection }: Writer, mutations: readonly Mutation[]) =>
  (await ask(load, connection, '/api/push', {
    protocol: 1,
    deviceId: connection.deviceId,
    epoch: '',
    sentAt: Date.now(),
    mutations,
  })) as PushAnswer | undefined

/** @throws when a number that was told is told otherwise now */
function hear(writer: Writer, batch: readonly Mutation[], answer: PushAnswer): void {
  const numbers = answer.outcomes.map(({ n }) => n)
  if (canonicalJson(numbers) !== canonicalJson(batch.map(({ n }) => n)))
    throw new Error(`asked about ${batch.map(({ n }) => n).join()}, told about ${numbers.join()}`)
  for (const outcome of answer.outcomes) {
    const text = canonicalJson(outcome as unknown as JsonValue)
    const before = writer.told.get(outcome.n) ?? text
    if (before !== text) throw new Error(`outcome of ${outcome.n} was ${before}, is now ${text}`)
    writer.told.set(outcome.n, text)
  }
  const first = batch[0]!.n
  writer.keptFrom = Math.max(writer.keptFrom, Math.min(first, answer.lastMutation - KEPT_OUTCOMES))
}

function settle(writer: Writer, { outcomes }: PushAnswer): void {
  for (const { n, record } of outcomes) {
    const at = writer.queue.findIndex((mutation) => mutation.n === n)
    if (at < 0) continue
    const [mutation] = writer.queue.splice(at, 1)
    if (mutation!.type === 'column')
      writer.columns.set(mutation!.id, { rev: record?.rev ?? 0, isOpen: false })
  }
}

async function pushOnce(load: Load, writer: Writer): Promise<void> {
  const { random, queue } = writer
  const batch = queue.slice(0, 1 + random.below(12))
  const isTwice = random.chance(0.06)
  const isLost = random.chance(0.06)
  load.begun += 1
  const sent = [send(load, writer, batch), ...(isTwice ? [send(load, writer, batch)] : [])]
  const answers = (await Promise.all(sent)).filter((answer) => answer !== undefined)
  for (const answer of answers) hear(writer, batch, answer)
  if (answers.length === 0) return void (await pause(3 + random.below(20)))
  load.answered += 1
  if (!isLost) settle(writer, answers[0]!)
}

export async function runWriter(load: Load, writer: Writer): Promise<void> {
  while (load.problems.length === 0) {
    if (!load.isOver && writer.queue.length < 30)
      for (let count = 1 + writer.random.below(6); count > 0; count--) write(writer)
    if (writer.queue.length > 0) await pushOnce(load, writer)
    else if (load.isOver) return
  }
}

/** Every number that the endpoint still has to know, once more. @throws when one is told otherwise */
export async function askAgain(load: Load, writer: Writer): Promise<number> {
  const kept = [...writer.written.values()].filter(({ n }) => n >= writer.keptFrom)
  for (let at = 0; at < kept.length; at += 50) {
    const batch = kept.slice(at, at + 50)
    const answer = await send(load, writer, batch)
    if (answer === undefined) throw new Error('no answer, though nobody was killed')
    hear(writer, batch, answer)
  }
  return kept.length
}
