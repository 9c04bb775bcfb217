/** Activation codes as a sheet to print and cut: one card a person. The file holds secrets and says so. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeQR } from 'qr'
import { civilDate } from '../../../shared/civil-time.ts'
import { activationLink } from '../../../shared/org/activation-link.ts'
import { issueCode, type IssuedCode } from '../../commands/accounts.ts'
import type { RecordStore } from '../../store/record-store.ts'
import { Refusal } from '../../problem.ts'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A camera opens 激活账号 with both filled in. */
const picture = (code: IssuedCode, publicUrl: string): string =>
  publicUrl === ''
    ? ''
    : encodeQR(activationLink(new URL(publicUrl).origin, code), 'svg', { ecc: 'medium', border: 4 })
const HOW_BY_HAND = '打开应用，点“第一次使用，或拿到了新的激活码”，填工号和激活码，设自己的密码。'

/** @param publicUrl where the app is reached; '' where it is not known: the cards have no picture then */
export function codeSheetHtml(codes: readonly IssuedCode[], publicUrl: string): string {
  const how = publicUrl === '' ? HOW_BY_HAND : `用手机相机扫这里的码，设自己的密码；或${HOW_BY_HAND}`
  const cards = codes.map(
    (
      c,
    ) => `<section>${picture(c, publicUrl)}<h2>${escapeHtml(c.name)}<small>${escapeHtml(c.unitName)}</small></h2>
<p>工号 <b>${escapeHtml(c.staffNo)}</b></p><p>激活码 <b class="code">${c.code}</b></p>
<p class="how">${how}${civilDate(c.expiresAt)} 前有效，只能用一次。</p></section>`,
  )
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>激活码（用后销毁）</title><style>
@page{size:A4;margin:12mm}body{font-family:"Noto Sans CJK SC","PingFang SC",sans-serif;margin:0;color:#211d18}
svg{float:right;width:31mm;height:31mm}main{display:grid;grid-template-columns:1fr 1fr;gap:0}section{border:1px dashed #999;padding:6mm;break-inside:avoid}
h2{font-size:16pt;margin:0 0 2mm}small{display:block;font-size:10pt;font-weight:400}p{margin:1mm 0;font-size:11pt}
.code{font-family:monospace;font-size:14pt;letter-spacing:.04em;white-space:nowrap}.how{font-size:9pt;color:#555}</style><main>
${cards.join('\n')}</main></html>
`
}

/** Said after a sheet was written, to whoever stands at the server. */
export const NO_PICTURE = '没有设置 PUBLIC_URL，卡片上没有二维码；带二维码的在工作台“人员与激活码”里打印。'

export async function writeCodeSheet(
  store: RecordStore,
  personIds: readonly string[],
  now: number,
  folder: string,
  publicUrl: string,
): Promise<string> {
  const codes = await store.write([], async (tx) => {
    const issued: IssuedCode[] = []
    for (const personId of personIds) issued.push(await issueCode(tx, personId, now))
    return issued
  })
  const path = join(folder, `激活码-${civilDate(now)}-${now % 100_000}.html`)
  await writeFile(path, codeSheetHtml(codes, publicUrl), { mode: 0o600, flag: 'wx' })
  return path
}

/** `npm run admin -- codes 工号 …` @returns false when a staff number is unknown; then no code is issued */
export async function printCodes(job: {
  store: RecordStore
  staffNos: readonly string[]
  now: number
  folder: string
  publicUrl: string
}): Promise<boolean> {
  const found = await job.store.read((tx) =>
    Promise.all(job.staffNos.map((staffNo) => tx.account({ staffNo }))),
  )
  const unknown = job.staffNos.filter((_, at) => found[at] === undefined)
  if (unknown.length > 0 || found.length === 0) {
    console.error(
      unknown.length > 0 ? `没有这些工号：${unknown.join('、')}。没有发码。` : '请给出至少一个工号。',
    )
    return false
  }
  try {
    const personIds = found.flatMap((account) => (account === undefined ? [] : [account.personId]))
    console.log(
      `激活码已写入 ${await writeCodeSheet(job.store, personIds, job.now, job.folder, job.publicUrl)}，打印后请删除。`,
    )
    if (job.publicUrl === '') console.log(NO_PICTURE)
    return true
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    console.error(problem.message)
    return false
  }
}
