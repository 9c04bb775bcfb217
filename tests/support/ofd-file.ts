/**
 * OFD files as writers of the field make them (GB/T 33190): `ofd:` prefix, Doc_0, resources by id, a template under each page, a
 * stamp, a seal. The words are our own, marked 示例.
 */
import { strToU8, zipSync, zlibSync, type Zippable } from 'fflate'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
const xml = (body: string): Uint8Array => strToU8(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`)

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
const crc = (bytes: Uint8Array): number => {
  let c = 0xffffffff
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

/** Of one colour, see-through where `hole` says so. */
export function pngOf(
  side: number,
  [r, g, b]: [number, number, number],
  hole?: (x: number, y: number) => boolean,
) {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const body = new Uint8Array([...strToU8(type), ...data])
    const whole = new Uint8Array(body.length + 8)
    const view = new DataView(whole.buffer)
    view.setUint32(0, data.length)
    whole.set(body, 4)
    view.setUint32(whole.length - 4, crc(body))
    return whole
  }
  const rows = new Uint8Array(side * (side * 4 + 1))
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) rows.set([r, g, b, hole?.(x, y) ? 0 : 255], y * (side * 4 + 1) + 1 + x * 4)
  const head = new Uint8Array(13)
  new DataView(head.buffer).setUint32(0, side)
  new DataView(head.buffer).setUint32(4, side)
  head.set([8, 6], 8)
  return new Uint8Array([
    ...PNG,
    ...chunk('IHDR', head),
    ...chunk('IDAT', zlibSync(rows)),
    ...chunk('IEND', new Uint8Array()),
  ])
}

/** DER of a seal in outline: a sequence with a sequence whose octet string is the picture. */
export function sealOf(picture: Uint8Array): Uint8Array {
  const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
    const body = new Uint8Array(parts.flatMap((part) => [...part]))
    const { length } = body
    const size = length < 128 ? [length] : [0x83, length >> 16, (length >> 8) & 255, length & 255]
    return new Uint8Array([tag, ...size, ...body])
  }
  const text = (words: string) => der(0x16, strToU8(words))
  return der(0x30, der(0x30, text('ES')), der(0x30, text('png'), der(0x04, picture)))
}

export interface OfdLine {
  text: string
  /** Millimetres, of the first letter's foot. */
  x: number
  y: number
  size: number
  font?: 3 | 4
  colour?: string
}

let nextId = 1000
/** As WPS and 数科 write it: a box around the line, the letters' distances in short. */
export function textObject({ text, x, y, size, font = 3, colour = '0 0 0' }: OfdLine): string {
  const letters = [...text]
  const box = `${x} ${y - size} ${size * letters.length} ${size * 1.3}`
  return `<ofd:TextObject ID="${nextId++}" Boundary="${box}" Font="${font}" Size="${size}"><ofd:FillColor Value="${colour}" ColorSpace="1"/><ofd:TextCode X="0" Y="${size}" DeltaX="g ${letters.length - 1} ${size}">${text}</ofd:TextCode></ofd:TextObject>`
}

export interface OfdOptions {
  /** Text of each page, a line each. */
  pages: string[][]
  /** Objects that lie on the first page too. */
  extra?: string
  /** Replaces or adds files of the package. */
  files?: Zippable
  leaveOut?: string[]
}

const TEMPLATE = `<ofd:Page ${NS}><ofd:Content><ofd:Layer ID="900" Type="Background">
${textObject({ text: '示例文件，不是公文', x: 20, y: 18, size: 4, colour: '120 120 120' })}
<ofd:PathObject ID="901" Boundary="20 20 170 1" LineWidth="0.5"><ofd:StrokeColor Value="192 0 0"/><ofd:AbbreviatedData>M 0 0.5 L 170 0.5</ofd:AbbreviatedData></ofd:PathObject>
</ofd:Layer></ofd:Content></ofd:Page>`

const RED_HEAD = `${textObject({ text: '示例市政务服务中心文件', x: 30, y: 50, size: 13, font: 4, colour: '192 0 0' })}
<ofd:PathObject ID="902" Boundary="25 60 20 20" Fill="true" Stroke="false"><ofd:FillColor Value="63 107 76"/><ofd:AbbreviatedData>M 0 10 A 10 10 0 0 1 20 10 B 20 16 16 20 10 20 Q 0 20 0 10 C</ofd:AbbreviatedData></ofd:PathObject>
<ofd:ImageObject ID="903" Boundary="50 60 20 20" CTM="20 0 0 20 0 0" ResourceID="5"/>
<ofd:CompositeObject ID="904" Boundary="80 60 20 20" ResourceID="6"/>`

const pageXml = (lines: string[], extra: string): string =>
  `<ofd:Page ${NS}><ofd:Template TemplateID="2" ZOrder="Background"/><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="${nextId++}" Type="Body">${extra}${lines
    .map((text, n) => textObject({ text, x: 28, y: 100 + n * 12, size: 5.6 }))
    .join('\n')}</ofd:Layer></ofd:Content></ofd:Page>`

/** Three or more pages with a red head, a path, a picture, a composite, a stamp and a seal on the first. */
export function makeOfd({ pages, extra = '', files = {}, leaveOut = [] }: OfdOptions): Uint8Array {
  const ids = pages.map((_, n) => 10 + n)
  const stamp = pngOf(60, [192, 0, 0], (x, y) => Math.abs(Math.hypot(x - 30, y - 30) - 26) > 3)
  const parts: Zippable = {
    'OFD.xml': xml(
      `<ofd:OFD ${NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID><ofd:Title>示例</ofd:Title><ofd:Creator>示例</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>`,
    ),
    'Doc_0/Document.xml': xml(
      `<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>5000</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes><ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml" ZOrder="Background"/></ofd:CommonData><ofd:Pages>${ids
        .map((id, n) => `<ofd:Page ID="${id}" BaseLoc="Pages/Page_${n}/Content.xml"/>`)
        .join('')}</ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations></ofd:Document>`,
    ),
    'Doc_0/PublicRes.xml': xml(
      `<ofd:Res ${NS} BaseLoc="Res"><ofd:ColorSpaces><ofd:ColorSpace ID="1" Type="RGB" BitsPerComponent="8"/></ofd:ColorSpaces><ofd:Fonts><ofd:Font ID="3" FontName="仿宋_GB2312" FamilyName="仿宋_GB2312"/><ofd:Font ID="4" FontName="方正小标宋简体" FamilyName="方正小标宋简体"><ofd:FontFile>font_4.otf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>`,
    ),
    'Doc_0/DocumentRes.xml': xml(
      `<ofd:Res ${NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image" Format="PNG"><ofd:MediaFile>image_5.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="6" Width="20" Height="20"><ofd:Content><ofd:PathObject ID="905" Boundary="0 0 20 20" LineWidth="1"><ofd:StrokeColor Value="0 0 160"/><ofd:AbbreviatedData>S 1 1 L 19 1 L 19 19 L 1 19 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>`,
    ),
    'Doc_0/Res/image_5.png': [pngOf(40, [154, 116, 42]), { level: 0 }],
    'Doc_0/Tpls/Tpl_0/Content.xml': xml(TEMPLATE),
    'Doc_0/Annots/Annotations.xml': xml(
      `<ofd:Annotations ${NS}><ofd:Page PageID="10"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`,
    ),
    'Doc_0/Annots/Page_0/Annotation.xml': xml(
      `<ofd:PageAnnot ${NS}><ofd:Annot ID="906" Type="Stamp" Creator="示例" LastModDate="2026-11-01"><ofd:Appearance Boundary="120 60 60 10">${textObject({ text: '收文示例章', x: 2, y: 8, size: 6, colour: '0 0 160' })}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>`,
    ),
    'Doc_0/Signs/Signatures.xml': xml(
      `<ofd:Signatures ${NS}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>`,
    ),
    'Doc_0/Signs/Sign_0/Signature.xml': xml(
      `<ofd:Signature ${NS}><ofd:SignedInfo><ofd:Provider ProviderName="示例"/><ofd:StampAnnot ID="1" PageRef="10" Boundary="130 200 40 40"/><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>`,
    ),
    'Doc_0/Signs/Sign_0/Seal.esl': sealOf(stamp),
  }
  for (const [n, lines] of pages.entries())
    parts[`Doc_0/Pages/Page_${n}/Content.xml`] = xml(pageXml(lines, n === 0 ? RED_HEAD + extra : ''))
  Object.assign(parts, files)
  for (const path of leaveOut) delete parts[path]
  return zipSync(parts)
}
