/** The demo's official documents: what they are about, when they came, and their files as a bureau would have them. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { readDocumentFolder, type DocumentItem } from '../../../import/folder.ts'
import { daysFrom, onPaper } from '../../context.ts'
import { makeDocx } from '../../documents/docx.ts'
import { officialPdf } from '../../documents/official-pdf.ts'
import { blocksOf, withWords } from '../../documents/official-text.ts'
import { drillAttachments, type DemoAttachment } from './drill-attachments.ts'
import { itemsOf, readTexts, SAMPLE_MARK } from '../read-texts.ts'

export const ISSUER = '云河政务服务大厅党建科'

export interface DemoDocument {
  key: string
  /** One item for each revision, oldest first. */
  revisions: DocumentItem[]
  plan: DocumentPlan
}

export interface DocumentPlan {
  title: string
  serial: number
  form: 'pdf' | 'docx' | 'md'
  /** Names of the texts, one for each revision. */
  texts: readonly string[]
  urgency: '平件' | '加急' | '特急'
  instructions: string
  /** Days before today of each revision. */
  daysAgo: readonly number[]
  /** Days from today; null: not circulated yet, it waits for the second person. */
  deadlineInDays: number | null
  /** The files beside each revision, dated as the first. */
  attachments?: (revision: number, date: string) => DemoAttachment[]
  /** How it ended, and how many days ago. */
  ended?: { state: 'recalled' | 'closed'; reason: string; daysAgo: number }
}

export const DOCUMENT_PLANS: Readonly<Record<string, DocumentPlan>> = {
  duty: {
    title: '关于做好岁末办件高峰窗口保障工作的通知',
    serial: 31,
    form: 'pdf',
    texts: ['peak-season.md'],
    urgency: '加急',
    instructions: '请各支部组织全体党员传阅，当班党员下班前阅签。',
    daysAgo: [2],
    deadlineInDays: 1,
  },
  study: {
    title: '关于下一季度党员集中学习安排的通知',
    serial: 29,
    form: 'md',
    texts: ['study-plan.md'],
    urgency: '平件',
    instructions: '结合班次自行安排，支委会汇总意见。',
    daysAgo: [1],
    deadlineInDays: 7,
  },
  visits: {
    title: '关于开展窗口党员联系服务对象回访的通知',
    serial: 24,
    form: 'docx',
    texts: ['visits.md'],
    urgency: '平件',
    instructions: '',
    daysAgo: [12],
    deadlineInDays: -3,
  },
  numbers: {
    title: '窗口叫号与绿色通道管理办法',
    serial: 27,
    form: 'md',
    texts: ['numbers-first.md', 'numbers-second.md'],
    urgency: '平件',
    instructions: '第二版改动见第五条，已签第一版的请重新阅签。',
    daysAgo: [6, 1],
    deadlineInDays: 4,
  },
  supplies: {
    title: '关于示范岗物资申领事项的通知',
    serial: 33,
    form: 'md',
    texts: ['supplies.md'],
    urgency: '平件',
    instructions: '',
    daysAgo: [0],
    deadlineInDays: null,
  },
  drill: {
    title: '关于组织窗口应急演练的通知',
    serial: 30,
    form: 'pdf',
    texts: ['drill-first.md', 'drill-second.md'],
    urgency: '平件',
    instructions: '连同附件一并阅签。第二版改了集合点，附件里的分工和路线也换了。',
    daysAgo: [4, 1],
    deadlineInDays: 5,
    attachments: drillAttachments,
  },
  parking: {
    title: '关于调整周末停车区域的通知',
    serial: 22,
    form: 'md',
    texts: ['parking.md'],
    urgency: '平件',
    instructions: '',
    daysAgo: [20],
    deadlineInDays: -10,
    ended: { state: 'recalled', reason: '与新的停车管理办法不一致，另行发文', daysAgo: 15 },
  },
  dress: {
    title: '关于窗口秋季着装的通知',
    serial: 18,
    form: 'docx',
    texts: ['dress.md'],
    urgency: '平件',
    instructions: '',
    daysAgo: [38],
    deadlineInDays: -30,
    ended: { state: 'closed', reason: '换装已经完成', daysAgo: 25 },
  },
}

export async function readDocuments(now: number): Promise<DemoDocument[]> {
  const texts = new Map(
    (await readTexts('documents')).map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]),
  )
  const documents: DemoDocument[] = []
  for (const [key, plan] of Object.entries(DOCUMENT_PLANS)) {
    const revisions: DocumentItem[] = []
    for (const [index, name] of plan.texts.entries()) {
      const [firstOn, issuedOn] = [0, index].map((n) => daysFrom(civilDate(now), -(plan.daysAgo[n] ?? 0)))
      const file = fileOf(plan, texts.get(name) ?? '', issuedOn!)
      const beside = plan.attachments?.(index, onPaper(firstOn!)) ?? []
      const folder = `${file.path.replace(/\.[^.]+$/, '')}附件`
      const attachments = beside.map((one) => ({ path: `${folder}/${one.name}`, bytes: one.bytes }))
      revisions.push(...itemsOf(await readDocumentFolder([file, ...attachments])))
    }
    documents.push({ key, plan, revisions })
  }
  return documents
}

/** The file as it came to the office, with number and title in its name. */
function fileOf(plan: DocumentPlan, template: string, issuedOn: string) {
  const number = `云政服党〔${issuedOn.slice(0, 4)}〕${plan.serial}号`
  const title = `${plan.title}${SAMPLE_MARK}`
  const markdown = withWords(template, {
    成文日期: onPaper(issuedOn),
    截止日期: onPaper(daysFrom(issuedOn, 10)),
    下月: `${Number(daysFrom(`${issuedOn.slice(0, 7)}-01`, 32).slice(5, 7))}月`,
  })
  const path = `${number} ${title}.${plan.form}`
  if (plan.form === 'md') return { path, bytes: new TextEncoder().encode(`# ${title}\n\n${markdown}`) }
  const text = { title, number, blocks: blocksOf(markdown), issuer: ISSUER, date: onPaper(issuedOn) }
  return { path, bytes: plan.form === 'pdf' ? officialPdf(text) : makeDocx(text) }
}
