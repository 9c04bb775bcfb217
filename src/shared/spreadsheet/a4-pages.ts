/**
 * A spreadsheet that someone prints as it is: A4 across; what stays in view stands on every page, and its number; all columns on one
 * page's width, unless they would become too small to read: then they follow page by page, each with the table's name above it.
 */
export interface Tab {
  columns: readonly { width?: number }[]
  stickyRowsCount?: number
  stickyColumnsCount?: number
  /** What its first row says over all columns: cut off where only some of them stand on a page. */
  title?: string
  /** What stays in view is half a page: on paper only the last of its rows is repeated, and the title above. */
  isHeadLong?: boolean
}

/** Characters: about twice what one page holds at its usual size. */
const MOST_WIDTH = 260
const MARGINS = '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'

const isNarrow = ({ columns }: Tab): boolean =>
  columns.reduce((sum, { width = 9 }) => sum + width, 0) <= MOST_WIDTH

const NUMBERS = '<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter>'
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function aroundPages({ title, isHeadLong = false }: Tab, isFitted: boolean): string {
  // One of it is a sign of the program's own.
  const above = (text: string) => `<oddHeader>&amp;L${escaped(text.replaceAll('&', '&&'))}</oddHeader>`
  return `<headerFooter>${title === undefined || (isFitted && !isHeadLong) ? '' : above(title)}${NUMBERS}</headerFooter>`
}

function asPages(sheet: string, tab: Tab): string {
  const bare = sheet.replace(/<pageMargins [^>]*\/>/, '').replace(/<pageSetup [^>]*\/>/, '')
  const isFitted = isNarrow(tab)
  const inside = isFitted
    ? bare.replace(/(<worksheet [^>]*>)/, '$1<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>')
    : bare
  const setup = `<pageSetup paperSize="9" orientation="landscape"${isFitted ? ' fitToWidth="1" fitToHeight="0"' : ''}/>`
  // Their place is fixed: after the cells, before a drawing.
  return inside.replace(
    /<drawing |<\/worksheet>/,
    (end) => `${MARGINS}${setup}${aroundPages(tab, isFitted)}${end}`,
  )
}

/** @param at from 1 */
const columnName = (at: number): string => String.fromCharCode(64 + at)

function withTitles(workbook: string, tabs: readonly Tab[]): string {
  const names = [...workbook.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name = '']) => name)
  const titles = names.flatMap((name, at) => {
    const tab = tabs[at] ?? { columns: [] }
    const { stickyRowsCount: rows = 0, stickyColumnsCount: columns = 0 } = tab
    const first = tab.isHeadLong ? rows : tab.title !== undefined && !isNarrow(tab) ? 2 : 1
    const sheet = `'${name.replaceAll(/'|&apos;/g, '&apos;&apos;')}'`
    const ranges = [
      ...(columns > 0 ? [`${sheet}!$A:$${columnName(columns)}`] : []),
      ...(rows >= first && rows > 0 ? [`${sheet}!$${first}:$${rows}`] : []),
    ]
    const title = `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">${ranges.join(',')}</definedName>`
    return ranges.length > 0 ? [title] : []
  })
  if (titles.length === 0) return workbook
  const whole = `<definedNames>${titles.join('')}</definedNames>`
  return workbook.replace('<definedNames/>', () => whole)
}

/** A feature, as write-excel-file calls it. @param tabs in the order of the sheets */
export const a4Pages = (tabs: readonly Tab[]) => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (sheet: string, _options: unknown, { sheetIndex }: { sheetIndex: number }) =>
          asPages(sheet, tabs[sheetIndex] ?? { columns: [] }),
      },
      'xl/workbook.xml': { transform: (workbook: string) => withTitles(workbook, tabs) },
    },
  },
})
