/** `POST /api/commands/<name>`. The same id again is answered with the stored outcome; nothing happens twice. */
import type { Hono } from 'hono'
import * as v from 'valibot'
import { canonicalJson, sha256Hex } from '../../shared/sync/canonical.ts'
import { Refusal } from '../problem.ts'
import { checkCanonical, checkShape, parseBody } from '../routes/parse-body.ts'
import type { AppContext, Parts } from '../routes/parts.ts'
import type { Command } from './define-command.ts'
import { closeCirculation, dispatchCirculation, recallCirculation } from './circulation/circulations.ts'
import { freezeMonth } from './freeze-month.ts'
import { issueActivationCodes, revokeDevice } from './accounts.ts'
import { publishLesson } from './publish-lesson.ts'
import { putPeopleCommand } from './put-people.ts'
import { noteSheets } from './circulation/note-sheets.ts'
import { remindUnsigned } from './circulation/remind.ts'
import { setReminderHours } from './circulation/reminder-hours.ts'

const COMMANDS: readonly Command[] = [
  publishLesson,
  dispatchCirculation,
  recallCirculation,
  closeCirculation,
  remindUnsigned,
  setReminderHours,
  noteSheets,
  freezeMonth,
  issueActivationCodes,
  revokeDevice,
  putPeopleCommand,
]
const MAX_BODY_BYTES = 4 * 1024 * 1024
const Envelope = v.looseObject({ id: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{8,64}$/, 'not an id')) })

export function commandRoutes(app: Hono<AppContext>, parts: Parts): void {
  const byName = new Map(COMMANDS.map((command) => [command.name, command]))
  app.post('/api/commands/:name', async (c) => {
    const command = byName.get(c.req.param('name'))
    if (command === undefined) throw new Refusal('not-found')
    const raw = await parseBody(c, Envelope, MAX_BODY_BYTES)
    checkCanonical(raw)
    const body = checkShape(command.schema, raw)
    const { personId } = c.get('session')
    // Of the person too: an outcome is told to nobody but who gave the command.
    const hash = sha256Hex(canonicalJson({ name: command.name, personId, id: raw.id, body }))
    const moved = new Set<string>()
    const outcome = await parts.store.write([], async (tx) => {
      const stored = await tx.commandOutcome(raw.id)
      if (stored !== undefined) {
        if (stored.hash !== hash) throw new Refusal('id-conflict')
        return stored.outcome
      }
      const now = parts.now()
      const actor = await parts.actors(tx, personId, now)
      const result = JSON.stringify(await command.run({ tx, parts, actor, now, moved }, body))
      if (command.shownOnce !== true) await tx.putCommandOutcome(raw.id, personId, hash, result, now)
      return result
    })
    parts.nudges.moved([...moved])
    return c.body(outcome, 200, { 'content-type': 'application/json' })
  })
}
