/** Questions over the whole bureau, asked now: `GET /api/office/<question>`. A phone holds one branch, never the bureau. */
import type { Handler, Hono } from 'hono'
import { compress } from 'hono/compress'
import type { AppContext, Parts } from '../routes/parts.ts'
import { exportBundle } from './circulation-bundle.ts'
import { yearRoutes } from './circulation-year/routes.ts'
import { circulationQuestion, circulationsQuestion, dispatchedQuestion } from './circulations.ts'
import { documentSheetsQuestion } from './document-sheets.ts'
import { exportMeeting } from './meeting-bundle.ts'
import { meetingYearQuestion } from './meeting-year.ts'
import { monthQuestion } from './month.ts'
import { devicesQuestion, opinionsQuestion, peopleQuestion } from './people.ts'
import { fileFactsRoute } from './file-facts.ts'
import type { Question } from './question.ts'

export function officeRoutes(app: Hono<AppContext>, parts: Parts): void {
  const ask =
    (question: Question): Handler<AppContext> =>
    async (c) => {
      const answer = await parts.store.read(async (tx) => {
        const now = parts.now()
        const actor = await parts.actors(tx, c.get('session').personId, now)
        return question({ tx, actor, now, parameters: c.req.query() })
      })
      return c.json(answer)
    }
  app.get('/api/office/people', ask(peopleQuestion))
  app.get('/api/office/devices', ask(devicesQuestion))
  app.get('/api/office/opinions', ask(opinionsQuestion))
  app.get('/api/office/circulations', ask(circulationsQuestion))
  app.get('/api/office/circulation', ask(circulationQuestion))
  app.get('/api/office/dispatched', ask(dispatchedQuestion))
  app.get('/api/office/month', ask(monthQuestion))
  // Some thousand short figures: a tenth of the bytes.
  app.get('/api/office/meeting-year', compress(), ask(meetingYearQuestion))
  fileFactsRoute(app, parts)
  app.get('/api/office/document-sheets', ask(documentSheetsQuestion))
  yearRoutes(app, parts)
  app.get('/api/office/circulation-bundle', async (c) => {
    const circulationId = c.req.query('circulationId') ?? ''
    const { personId } = c.get('session')
    // An older app says nothing, and what it asks for it saves.
    const asked = { circulationId, personId, now: parts.now(), isTaken: c.req.query('as') !== 'view' }
    const { bundle, moved } = await exportBundle(parts.store, parts.actors, asked)
    parts.nudges.moved(moved)
    return c.json(bundle)
  })
  app.get('/api/office/meeting-bundle', async (c) => {
    const meetingId = c.req.query('meetingId') ?? ''
    const { personId } = c.get('session')
    const asked = { meetingId, personId, now: parts.now() }
    const { bundle, moved } = await exportMeeting(parts.store, parts.actors, asked)
    parts.nudges.moved(moved)
    return c.json(bundle)
  })
}
