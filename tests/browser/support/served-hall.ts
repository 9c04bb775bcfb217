/** The built app and the real endpoint on one port, with a small bureau whose content is of this week. */
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import { civilDate, civilMonth, isoWeek } from '../../../src/shared/civil-time.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import { circulationId, confirmationId } from '../../../src/shared/circulation/circulation.ts'
import { columnId, meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import { listen } from '../../../src/server/listen.ts'
import { serveSite } from '../../../src/server/site.ts'
import { branchId, personIdOf, setupEndpoint } from '../../support/endpoint.ts'

const id = (name: string) => idFrom('browser-test', name)
export const LESSON = id('lesson')
export const DOCUMENT = id('document')
export const MEETING = id('meeting')
export const SITTING = id('sitting')
export const BOOK = id('book')
export const CHAPTER = id('chapter-0')
export const CIRCULATION = circulationId(DOCUMENT, branchId('第一支部'))
export const MONTH = (): string => civilMonth(Date.now())

export async function samplePdf(words = 'Sample page'): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (let page = 1; page <= 3; page++)
    pdf.addPage().drawText(`${words} ${page}`, { x: 60, y: 700, font, size: 28 })
  return pdf.save()
}

export const distFolder = (): string => process.env.DIST_DIR ?? join(import.meta.dirname, '../../../dist')

let versions = 0

/** The built app as a later version, as a browser sees it: another worker. */
export function publishNextVersion(dist: string): void {
  appendFileSync(join(dist, 'sw.js'), `\n// version ${++versions}\n`)
  rmSync(join(dist, 'sw.js.br'), { force: true })
}

/** @param dist another folder with the built app, for a test that changes it */
export async function serveHall({ dist = distFolder() }: { dist?: string } = {}) {
  const clock = { now: Date.now, advance: () => undefined, set: () => undefined }
  const endpoint = await setupEndpoint({ clock })
  const requests: string[] = []
  endpoint.app.use('*', async (c, next) => {
    requests.push(`${c.req.method} ${c.req.path}`)
    await next()
  })
  if (!serveSite(endpoint.app, dist)) throw new Error('build the app first: npx vite build')
  await fill(endpoint)
  const counted = {
    fetch: (request: Request, env?: unknown) => {
      requests.push(`${request.method} ${new URL(request.url).pathname}`)
      return endpoint.app.fetch(request, env as object)
    },
  }
  const { server, port } = await listen(counted, { port: 0, host: '127.0.0.1', tls: null })
  return {
    endpoint,
    url: `http://localhost:${port}`,
    requests,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await endpoint.close()
    },
  }
}
export type ServedHall = Awaited<ReturnType<typeof serveHall>>

async function fill(endpoint: Awaited<ReturnType<typeof setupEndpoint>>): Promise<void> {
  const now = Date.now()
  const today = civilDate(now)
  const unit = branchId('第一支部')
  const lines = Array.from(
    { length: 12 },
    (_, n) => `这是示例正文的第 ${n + 1} 段。同一件事，只录一次；问清了，常常就不必填了。`,
  )
  await endpoint.put('lesson', LESSON, {
    issueId: LESSON,
    unitId: null,
    week: isoWeek(today),
    columnId: columnId('廉政提醒'),
    title: '窗口前的分寸（示例）',
    body: lines.join('\n\n'),
    publishAt: now - 3_600_000,
  })
  await endpoint.put('book', BOOK, { title: '学以致用（示例）', edition: '第一版' })
  for (const [order, title] of ['第一章 先问为什么', '第二章 只录一次'].entries()) {
    const bytes = new TextEncoder().encode(lines.join('\n\n'))
    const sha256 = await endpoint.putFile(bytes, 'text/markdown', 'org')
    const fields = { bookId: BOOK, order, title, sha256, sizeBytes: bytes.length, paragraphs: lines.length }
    await endpoint.put('book-chapter', id(`chapter-${order}`), fields)
  }
  await fillDocument(endpoint, unit, now, today)
  await endpoint.put('meeting', MEETING, {
    unitId: unit,
    kindId: meetingKindId('支部党员大会'),
    title: '支部党员大会（示例）',
    date: today,
    sittings: [{ id: SITTING, name: '晚班场次', startsAt: now + 3_600_000, place: '三楼会议室' }],
  })
  for (const [side, count] of [
    ['party', 21],
    ['work', 35],
  ] as const) {
    const even = Math.floor((100 / count) * 2) / 2
    const indicators = Array.from({ length: count }, (_, n) => ({
      id: `${side}-${n + 1}`,
      title: `示例指标 ${n + 1}`,
      max: n === 0 ? 100 - even * (count - 1) : even,
      step: 0.5,
    }))
    const fields = {
      name: `${side} 指标（示例）`,
      side,
      version: 1,
      sample: true,
      validFrom: '2026-01-01',
      indicators,
    }
    await endpoint.put('indicator-set', id(`set-${side}`), fields)
  }
}

async function fillDocument(
  endpoint: Awaited<ReturnType<typeof setupEndpoint>>,
  unit: string,
  now: number,
  today: string,
) {
  const bytes = await samplePdf()
  const sha256 = await endpoint.putFile(bytes, 'application/pdf', 'desk:root')
  const file = { sha256, name: '示例通知.pdf', mime: 'application/pdf', sizeBytes: bytes.length }
  const revisions = [{ revision: 1, file, pages: 3, readingSha256: null, at: now, note: '' }]
  const head = {
    documentNo: '办公室〔2026〕31 号',
    title: '关于延时服务安排的通知（示例）',
    issuer: '办公室',
    urgency: '平件',
    instructions: '',
  }
  const office = personIdOf('9001')
  await endpoint.put(
    'document',
    DOCUMENT,
    { ownerUnitId: 'root', ...head, nonClassifiedBy: office, nonClassifiedAt: now, revisions },
    office,
  )
  const confirmation = {
    ownerUnitId: 'root',
    documentId: DOCUMENT,
    revision: 1,
    sha256,
    confirmedBy: personIdOf('9002'),
  }
  await endpoint.put('document-confirmation', confirmationId(DOCUMENT, 1), confirmation, personIdOf('9002'))
  await endpoint.put('circulation', CIRCULATION, {
    unitId: unit,
    documentId: DOCUMENT,
    ...head,
    revisions,
    recipients: ['1001', '1002', '1003'].map((staffNo, n) => ({
      personId: personIdOf(staffNo),
      name: ['陈静', '李明', '王芳'][n]!,
    })),
    dispatchedAt: now,
    dispatchedBy: office,
    deadline: today,
    state: 'open',
  })
}
