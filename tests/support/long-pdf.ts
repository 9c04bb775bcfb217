/** PDFs of many pages: words, or a scan that is nothing but pictures. */
import { PDFDocument } from 'pdf-lib'
import { A4, makePdf } from '../../src/server/demo/documents/pdf.ts'

/** Each page says which it is; `marked` pages carry the words too. */
export function longTextPdf(pages: number, words: string, marked: readonly number[]): Uint8Array {
  const line = (text: string, n: number, sizePt = 16) => ({
    text,
    x: 90,
    y: A4.height - 120 - n * 30,
    sizePt,
  })
  return makePdf(
    '示例长文件',
    Array.from({ length: pages }, (_, at) => ({
      lines: [
        line(`示例文件第 ${at + 1} 页`, 0, 22),
        ...Array.from({ length: 18 }, (_line, n) =>
          line('窗口工作人员轮班，文件在手机上看，看完再签字。', n + 2),
        ),
        ...(marked.includes(at + 1) ? [line(words, 21)] : []),
      ],
      rules: [{ y: A4.height - 140, from: 90, to: A4.width - 90, widthPt: 1 }],
    })),
  )
}

/** @param jpegs a page each, as a scanner makes them */
export async function scanPdf(jpegs: readonly Uint8Array[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  for (const jpeg of jpegs) {
    const image = await pdf.embedJpg(jpeg)
    pdf.addPage([A4.width, A4.height]).drawImage(image, { x: 0, y: 0, width: A4.width, height: A4.height })
  }
  return pdf.save()
}
