/** What must not come in, by whatever door: the same list for the desk's form and for the endpoint. */
import {
  docxOf,
  encryptedPdf,
  half,
  jpegOf,
  ofdOf,
  oleOf,
  pdfOf,
  pngOf,
  utf8,
  wordPart,
  zipOf,
} from './make-files.ts'
import { MIME_OF_KIND } from '../../../src/shared/circulation/intake/file-facts.ts'

export interface BadFile {
  what: string
  name: string
  mime: string
  bytes: Uint8Array
  /** Part of the sentence that the person reads. */
  words: RegExp
  code: 'file-refused' | 'file-mislabelled' | 'secrecy-mark'
}

const { pdf, docx, ofd, md, png, jpeg } = MIME_OF_KIND
/** 3 MB of one letter: the archive is some kilobytes. */
const swollen = new Uint8Array(3 * 1024 * 1024).fill(0x61)
const scripted = '<script>alert(1)</script>'

export async function badFiles(): Promise<BadFile[]> {
  const bad = (
    what: string,
    name: string,
    mime: string,
    bytes: Uint8Array | string,
    words: RegExp,
    code: BadFile['code'] = 'file-refused',
  ): BadFile => ({ what, name, mime, bytes: typeof bytes === 'string' ? utf8(bytes) : bytes, words, code })
  const plain = await pdfOf(['A plain page'])
  return [
    bad('a Word file named PDF', '通知.pdf', pdf, docxOf('正文'), /其实是 Word 文档/, 'file-mislabelled'),
    bad('text named PDF', '通知.pdf', pdf, '只是文字', /不是|其实是纯文字/, 'file-mislabelled'),
    bad('a PDF named Word', '通知.docx', docx, plain, /其实是 PDF/, 'file-mislabelled'),
    bad('a PNG named PDF', '图.pdf', pdf, pngOf(4, 4), /其实是 PNG 图片/, 'file-mislabelled'),
    bad('half a PDF', '断.pdf', pdf, half(plain), /损坏|不完整/),
    bad('half a Word file', '断.docx', docx, half(docxOf('正文'.repeat(500))), /损坏|不完整/),
    bad('half an OFD', '断.ofd', ofd, half(ofdOf(['正文'])), /损坏|不完整/),
    bad('half a PNG', '断.png', png, half(pngOf(40, 40)), /损坏|不完整/),
    bad('half a JPEG', '断.jpg', jpeg, half(jpegOf(40, 40)), /损坏|不完整/),
    bad('a PDF with a password', '密码.pdf', pdf, encryptedPdf, /密码/),
    bad('a Word file with a password', '密码.docx', docx, oleOf('EncryptedPackage'), /密码/),
    bad('an old Word file', '旧.docx', docx, oleOf('WordDocument'), /旧版/),
    bad('an OFD with a password', '密码.ofd', ofd, ofdOf(['文'], {}, { 'Encryptions.xml': '<x/>' }), /密码/),
    bad('a zip bomb in a Word file', '大.docx', docx, docxOf('文', { 'word/x.xml': swollen }), /压缩比异常/),
    bad('a zip bomb in an OFD', '大.ofd', ofd, ofdOf(['文'], {}, { 'Doc_0/x.xml': swollen }), /压缩比异常/),
    bad(
      'an archive in an OFD',
      '套.ofd',
      ofd,
      ofdOf(['文'], {}, { 'Doc_0/x.zip': zipOf({ a: 'x' }) }),
      /还有压缩包/,
    ),
    bad('a page of HTML', '页.md', md, `<!doctype html>${scripted}`, /网页/, 'file-mislabelled'),
    bad(
      'a drawing with a script',
      '图.md',
      md,
      `<svg xmlns="x">${scripted}</svg>`,
      /SVG/,
      'file-mislabelled',
    ),
    bad(
      'an OFD that points to an address',
      '外.ofd',
      ofd,
      ofdOf(['文'], { resource: 'https://example.com/a.ttf' }),
      /文件之外/,
    ),
    bad(
      'an OFD that points out of its folder',
      '外.ofd',
      ofd,
      ofdOf(['文'], { resource: '../../../etc/passwd' }),
      /文件之外/,
    ),
    bad(
      'an OFD whose page lies elsewhere',
      '外.ofd',
      ofd,
      ofdOf(['文'], { pagePlace: 'file:///etc/passwd' }),
      /文件之外/,
    ),
    bad(
      'an OFD with entities',
      '体.ofd',
      ofd,
      ofdOf(['文'], {}, { 'Doc_0/x.xml': '<!DOCTYPE a [<!ENTITY b "c">]><a/>' }),
      /文件之外/,
    ),
    bad(
      'an OFD without its page',
      '缺.ofd',
      ofd,
      ofdOf(['文'], { pagePlace: 'Pages/Page_9/Content.xml' }),
      /损坏|不完整/,
    ),
    bad(
      'a PNG of 3,600 million pixels',
      '大.png',
      png,
      pngOf(2, 2, { width: 60_000, height: 60_000 }),
      /60000 × 60000 像素/,
    ),
    bad('a JPEG of 4,000 million pixels', '大.jpg', jpeg, jpegOf(65_000, 65_000), /65000 × 65000 像素/),
    bad('a mark in a text', '文.md', md, '秘密★1年\n\n关于某事', /“秘密”/, 'secrecy-mark'),
    bad(
      'a mark in what a PDF says of itself',
      '文.pdf',
      pdf,
      await pdfOf(['x'], '绝密名单'),
      /“绝密”/,
      'secrecy-mark',
    ),
    ...(await Promise.all(
      (['property', 'xmp', 'remark'] as const).map(async (part) =>
        bad(
          `a mark in a PDF: ${part}`,
          '文.pdf',
          pdf,
          await pdfOf(['x'], '', { [part]: '密级：机密' }),
          /“机密”/,
          'secrecy-mark',
        ),
      ),
    )),
    bad(
      'a mark in a header of a Word file',
      '文.docx',
      docx,
      docxOf('正文', { 'word/header1.xml': wordPart('hdr', '机密★长期') }),
      /“机密”/,
      'secrecy-mark',
    ),
    bad(
      'a mark in a remark of a Word file',
      '文.docx',
      docx,
      docxOf('正文', { 'word/comments.xml': wordPart('comments', '密级：机密') }),
      /“机密”/,
      'secrecy-mark',
    ),
    ...['core', 'app', 'custom'].map((part) =>
      bad(
        `a mark in the ${part} properties of a Word file`,
        '文.docx',
        docx,
        docxOf('正文', {
          [`docProps/${part}.xml`]: '<p><property name="密级"><v>秘密</v></property></p>',
        }),
        /“秘密”/,
        'secrecy-mark',
      ),
    ),
    bad(
      'a mark on a page of an OFD, letter by letter',
      '文.ofd',
      ofd,
      ofdOf(['机密★1年', '正文']),
      /“机密”/,
      'secrecy-mark',
    ),
    bad(
      'a mark in what an OFD says of itself',
      '文.ofd',
      ofd,
      ofdOf(['正文'], {
        info: '<ofd:CustomDatas><ofd:CustomData Name="密级">秘密</ofd:CustomData></ofd:CustomDatas>',
      }),
      /“秘密”/,
      'secrecy-mark',
    ),
    bad(
      'a mark in the title of an OFD',
      '文.ofd',
      ofd,
      ofdOf(['正文'], { info: '<ofd:Title>机密名单</ofd:Title>' }),
      /“机密”/,
      'secrecy-mark',
    ),
    bad(
      'a mark in the name of what an OFD carries',
      '文.ofd',
      ofd,
      ofdOf(
        ['正文'],
        {},
        {
          'Doc_0/Attachs/Attachments.xml':
            '<ofd:Attachments xmlns:ofd="x"><ofd:Attachment ID="1" Name="绝密名单"><ofd:FileLoc>a.txt</ofd:FileLoc></ofd:Attachment></ofd:Attachments>',
        },
      ),
      /“绝密”/,
      'secrecy-mark',
    ),
  ]
}
