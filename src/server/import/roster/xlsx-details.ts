/**
 * Two things of a spreadsheet that its reader does not tell, and without which people are lost: number formats of
 * zeros (the cell holds 12, the screen shows 000012) and cells merged downwards (one 支部 written once for ten rows).
 */
export interface SheetDetails {
  /** 'B3' → number of digits that the format fills up with zeros. */
  zeroDigits: ReadonlyMap<string, number>
  /** Merged cells in one column: the text of row `from` stands for all rows to `to` (rows from 1, column from 0). */
  mergedDown: readonly { column: number; from: number; to: number }[]
}

/** Details for each sheet name; `files` are the unpacked parts of the .xlsx file. */
export function readSheetDetails(files: ReadonlyMap<string, Uint8Array>): Map<string, SheetDetails> {
  const read = (name: string) => new TextDecoder().decode(files.get(name))
  const targets = new Map(
    tagsOf(read('xl/_rels/workbook.xml.rels'), 'Relationship').map((tag) => [
      attributeOf(tag, 'Id'),
      attributeOf(tag, 'Target'),
    ]),
  )
  const digitsByStyle = zeroDigitsByStyle(read('xl/styles.xml'))
  return new Map(
    tagsOf(read('xl/workbook.xml'), 'sheet').map((tag) => {
      const target = targets.get(attributeOf(tag, '[\\w.-]+:id')) ?? ''
      const xml = read(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
      return [decodeEntities(attributeOf(tag, 'name')), detailsOf(xml, digitsByStyle)]
    }),
  )
}

function detailsOf(xml: string, digitsByStyle: ReadonlyMap<string, number>): SheetDetails {
  const zeroDigits = new Map<string, number>()
  if (digitsByStyle.size > 0) {
    for (const tag of tagsOf(xml, 'c')) {
      const digits = digitsByStyle.get(attributeOf(tag, 's'))
      if (digits !== undefined) zeroDigits.set(attributeOf(tag, 'r'), digits)
    }
  }
  const mergedDown = tagsOf(xml, 'mergeCell').flatMap((tag) => {
    const [, left, top, right, bottom] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(attributeOf(tag, 'ref')) ?? []
    if (left === undefined || left !== right || top === bottom) return []
    return [{ column: columnIndex(left), from: Number(top), to: Number(bottom) }]
  })
  return { zeroDigits, mergedDown }
}

function zeroDigitsByStyle(xml: string): Map<string, number> {
  const digitsByFormat = new Map<string, number>()
  for (const tag of tagsOf(xml, 'numFmt')) {
    const code = decodeEntities(attributeOf(tag, 'formatCode')).replace(/["\\]/g, '')
    const zeros = /^(0{2,20})(?:[;_@].*)?$/.exec(code)?.[1]
    if (zeros !== undefined) digitsByFormat.set(attributeOf(tag, 'numFmtId'), zeros.length)
  }
  const cellStyles = /<(?:\w+:)?cellXfs\b[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(xml)?.[0] ?? ''
  return new Map(
    tagsOf(cellStyles, 'xf').flatMap((tag, index) => {
      const digits = digitsByFormat.get(attributeOf(tag, 'numFmtId'))
      return digits === undefined ? [] : [[String(index), digits] as const]
    }),
  )
}

/** 'C' → 2. */
export function columnIndex(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** 2 → 'C'. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26))
}

function tagsOf(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s/>])[^>]*>`, 'g')) ?? []
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_whole, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')
}
