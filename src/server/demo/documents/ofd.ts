/** A small OFD (GB/T 33190) of lines of text on A4 pages, in black, fonts not embedded. The same pages give the same bytes. */
import { strToU8, zipSync } from 'fflate'

const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
/** Millimetres. */
const [LEFT, TOP, LEADING] = [28, 40, 11]
const [TITLE_SIZE, BODY_SIZE] = [7.8, 5.6]

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function textObject(id: number, text: string, y: number, size: number): string {
  const { length } = [...text]
  const box = `${LEFT} ${y - size} ${size * length} ${size * 1.3}`
  return `<ofd:TextObject ID="${id}" Boundary="${box}" Font="3" Size="${size}"><ofd:TextCode X="0" Y="${size}" DeltaX="g ${length - 1} ${size}">${escapeXml(text)}</ofd:TextCode></ofd:TextObject>`
}

/** @param pages lines of each page; the first line of the first one is the title */
export function makeOfd(title: string, pages: readonly (readonly string[])[]): Uint8Array {
  const parts: Record<string, string> = {
    'OFD.xml': `<ofd:OFD ${NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000000000000000000000001</ofd:DocID><ofd:Title>${escapeXml(title)}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
    'Doc_0/Document.xml': `<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>${pages
      .map((_, n) => `<ofd:Page ID="${10 + n}" BaseLoc="Pages/Page_${n}/Content.xml"/>`)
      .join('')}</ofd:Pages></ofd:Document>`,
    'Doc_0/PublicRes.xml': `<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>`,
  }
  for (const [n, lines] of pages.entries()) {
    const objects = lines
      .map((text, at) => ({ text, at }))
      .filter(({ text }) => text !== '')
      .map(({ text, at }) =>
        textObject(1000 + n * 100 + at, text, TOP + at * LEADING, n + at === 0 ? TITLE_SIZE : BODY_SIZE),
      )
    parts[`Doc_0/Pages/Page_${n}/Content.xml`] =
      `<ofd:Page ${NS}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="${100 + n}" Type="Body">${objects.join('')}</ofd:Layer></ofd:Content></ofd:Page>`
  }
  const files = Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(HEAD + xml)]))
  // Zip keeps local time without a zone: a fixed local date is the same bytes everywhere.
  return zipSync(files, { mtime: new Date(2026, 0, 1), level: 6 })
}
