/** What comes with the notice of the drill: one attachment of each kind; the second revision replaces, drops and adds some. */
import { deflateSync } from 'node:zlib'
import { signaturePng } from '../../../../shared/circulation/export/signature-png.ts'
import { makeDocx } from '../../documents/docx.ts'
import { makeOfd } from '../../documents/ofd.ts'
import { officialPdf } from '../../documents/official-pdf.ts'
import { blocksOf } from '../../documents/official-text.ts'

export interface DemoAttachment {
  name: string
  bytes: Uint8Array
}

const END = '本附件为示例，所涉单位、地点和人员均为虚构。'

const STEPS = `各窗口：

## 一、停电

先请群众留在原位，打开应急灯。已经受理的，当面写明进度和取件时间；没有受理的，登记姓氏和事项，来电后按登记先后办理。

## 二、身体不适

就近的同志陪同，另一人拨打急救电话并到门口引导。不搬动，不喂药，记下时间。

## 三、疏散

听到警报后停止办理，锁好印章和证照，引导群众从就近出口离开。

${END}`

const duties = (assembly: string): string => `各支部：

## 一、分工

引导组四人，站在东、西两侧通道口。

${assembly}

联络组一人，留在总服务台，最后离开。

## 二、替补

当天轮休的，由本支部下一班的同志替补，不另行通知。

${END}`

const office = { issuer: '云河政务服务大厅综合科', number: '附件' }

/** A floor with its counters, and the way out. */
const PLAN = {
  kind: 'drawn',
  width: 1000,
  height: 620,
  strokes: [
    [40, 40, 960, 40, 960, 260],
    [960, 360, 960, 580, 40, 580, 40, 360],
    [40, 260, 40, 40],
    ...[140, 300, 460, 620].map((x) => [x, 120, x + 110, 120, x + 110, 190, x, 190, x, 120]),
    ...[140, 300, 460, 620].map((x) => [x, 430, x + 110, 430, x + 110, 500, x, 500, x, 430]),
    [120, 310, 880, 310],
    [840, 280, 880, 310, 840, 340],
  ],
} as const

function plan(): Uint8Array {
  const strokes = PLAN.strokes.map((stroke) => [...stroke])
  const picture = signaturePng({ ...PLAN, strokes }, { width: 1200, height: 760 }, (rows) =>
    deflateSync(rows),
  )
  if (picture === null) throw new Error('the demo’s plan of the floor cannot be drawn')
  return picture.png
}

const docx = (title: string, markdown: string, date: string): Uint8Array =>
  makeDocx({ ...office, title, date, blocks: blocksOf(markdown) })

/** @param revision from 0 @param date as it stands on paper */
export function drillAttachments(revision: number, date: string): DemoAttachment[] {
  const steps = {
    name: '1 应急处置步骤（示例）.pdf',
    bytes: officialPdf({ ...office, title: '应急处置步骤（示例）', date, blocks: blocksOf(STEPS) }),
  }
  const sheet = {
    name: '2 物资清单（示例）.ofd',
    bytes: makeOfd('演练物资清单（示例）', [
      [
        '演练物资清单（示例）',
        '',
        '一、应急灯　六盏，总服务台柜内',
        '二、急救箱　两只，东西两侧各一',
        '三、扩音器　一只，总服务台',
        '四、反光背心　十件，综合科',
        '',
        END,
      ],
    ]),
  }
  const before = duties('清点组两人，到北侧院内清点人数。')
  const after = duties('清点组三人，到西广场集合点清点人数。')
  if (revision === 0)
    return [
      steps,
      sheet,
      { name: '3 人员分工（示例）.docx', bytes: docx('人员分工（示例）', before, date) },
      { name: '4 疏散路线（示例）.png', bytes: plan() },
    ]
  const words = new TextEncoder().encode(
    `# 疏散路线说明（示例）\n\n一层从中间通道向东离开；无障碍通道在东侧。\n\n二层先下到一层，不乘电梯。\n\n集合点在西广场。\n\n${END}\n`,
  )
  return [
    steps,
    sheet,
    { name: '3 人员分工（示例）.docx', bytes: docx('人员分工（示例）', after, date) },
    { name: '4 疏散路线说明（示例）.md', bytes: words },
  ]
}
