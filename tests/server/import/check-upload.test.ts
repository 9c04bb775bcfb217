import { PDFDocument, StandardFonts } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { checkUpload } from '../../../src/server/import/file/check-upload.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function plainPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  pdf.addPage().drawText('A plain page', { font: await pdf.embedFont(StandardFonts.Helvetica) })
  return pdf.save()
}

describe('the gate of an upload', () => {
  it('lets plain files in', async () => {
    expect(await checkUpload(await plainPdf(), 'application/pdf')).toBeNull()
    expect(await checkUpload(bytes('# 通知\n\n请各窗口遵照执行。'), 'text/markdown')).toBeNull()
    expect(await checkUpload(bytes('任意字节\u0000\u0001'), 'application/octet-stream')).toBeNull()
  })

  it.each([
    ['text said to be a PDF', bytes('这不是 PDF'), 'application/pdf'],
    ['a page of HTML', bytes('<!doctype html><script>alert(1)</script>'), 'text/markdown'],
    [
      'a drawing with a script',
      bytes('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      'image/png',
    ],
  ])('refuses %s', async (_what, file, mime) => {
    expect((await checkUpload(file, mime))?.code).toBe('file-mislabelled')
  })

  it('refuses what bears a mark in its text', async () => {
    const refused = await checkUpload(bytes('秘密★1年\n\n关于某事的通知'), 'text/markdown')
    expect(refused).toMatchObject({ code: 'secrecy-mark' })
    expect(refused?.message).toContain('秘密')
  })
})
