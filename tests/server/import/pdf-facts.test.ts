import { execFileSync } from 'node:child_process'
import { PDFDocument } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { readPdfFacts } from '../../../src/server/import/file/pdf-facts.ts'
import { makePdf, utf8 } from './fixtures.ts'

/** Encrypted with a user password: the entries are nonsense, which no reader finds out without the password. */
const encryptedPdf = utf8(
  `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -44/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>>>endobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF\n`,
)

describe('facts of a PDF', () => {
  it('pages, title, text by lines, document information', async () => {
    const bytes = await makePdf({ title: '关于学习的通知', lines: ['first line', 'second line'], pages: 3 })
    const facts = await readPdfFacts(bytes, 2)
    expect(facts).toMatchObject({
      type: 'pdf',
      pageCount: 3,
      title: '关于学习的通知',
      hasText: true,
      attachmentNames: [],
    })
    if (facts.type !== 'pdf') return
    expect(facts.text.split('\f')).toHaveLength(2)
    expect(facts.text).toContain('first line\nsecond line')
    expect(facts.info).toContain('关于学习的通知')
  })

  it('leaves the bytes as they were, for they are what is signed', async () => {
    const bytes = await makePdf({ lines: ['x'] })
    const before = bytes.slice()
    await readPdfFacts(bytes)
    expect(bytes).toEqual(before)
  })

  it('takes the bytes as Node reads a file', async () => {
    const bytes = await makePdf({ lines: ['x'] })
    expect(await readPdfFacts(Buffer.from(bytes))).toMatchObject({ type: 'pdf', pageCount: 1 })
  })

  it('says that a scan has no text, and names what is attached', async () => {
    const pdf = await PDFDocument.create()
    pdf.addPage()
    await pdf.attach(utf8('x'), '机密名单.txt')
    const facts = await readPdfFacts(await pdf.save())
    expect(facts).toMatchObject({ hasText: false, attachmentNames: ['机密名单.txt'], title: null })
  })
})

describe('what can not be opened is refused', () => {
  it('a password', async () => {
    expect(await readPdfFacts(encryptedPdf)).toEqual({
      type: 'refused',
      message: expect.stringContaining('密码'),
    })
  })

  it.each([
    ['only a signature', utf8('%PDF-1.7')],
    ['nothing', new Uint8Array()],
    ['text', utf8('关于学习的通知'.repeat(100))],
  ])('%s', async (_name, bytes) => {
    expect(await readPdfFacts(bytes)).toEqual({ type: 'refused', message: expect.stringContaining('损坏') })
  })
})

it('works where no canvas package is installed', () => {
  const script = `
    import Module from 'node:module'
    const resolve = Module._resolveFilename
    Module._resolveFilename = function (name, ...rest) {
      if (name.includes('canvas')) throw Object.assign(new Error('missing'), { code: 'MODULE_NOT_FOUND' })
      return resolve.call(this, name, ...rest)
    }
    const { PDFDocument } = await import('pdf-lib')
    const { readPdfFacts } = await import('./src/server/import/file/pdf-facts.ts')
    const pdf = await PDFDocument.create()
    pdf.addPage().drawText('no canvas', { y: 500 })
    console.log(JSON.stringify(await readPdfFacts(await pdf.save())))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(JSON.parse(output)).toMatchObject({ type: 'pdf', pageCount: 1, text: 'no canvas' })
})
