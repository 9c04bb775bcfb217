/**
 * A spreadsheet that someone prints as it is: A4 across; what stays in view stands on every page; all columns on one page's width,
 * unless they would become too small to read: then they follow page by page.
 */
import type { Feature } from 'write-excel-file/universal'

export interface Tab {
  columns: readonly { width?: number }[]
  stickyRowsCount?: number
  stickyColumnsCount?: number
}

/** Characters: about twice what one page holds at its usual size. */
const MOST_WIDTH = 260
const MARGINS = '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'

const isNarrow = ({ columns }: Tab): boolean =>
  columns.reduce((sum, { width = 9 }) => sum + width, 0) <= MOST_WIDTH

function asPages(sheet: string, tab: Tab): string {
  const bare = sheet.replace(/<pageMargins [^>]*\/>/, '').replace(/<pageSetup [^>]*\/>/, '')
  const isFitted = isNarrow(tab)
  const inside = isFitted
    ? bare.replace(/(<worksheet [^>]*>)/, '$1<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>')
    : bare
  const setup = `<pageSetup paperSize="9" orientation="landscape"${isFitted ? ' fitToWidth="1" fitToHeight="0"' : ''}/>`
  // Their place is fixed: after the cells, before a drawing.
  return inside.replace(/<drawing |<\/worksheet>/, (end) => `${MARGINS}${setup}${end}`)
}

/** @param at from 1 */
const columnName = (at: number): string => String.fromCharCode(64 + at)

function withTitles(workbook: string, tabs: readonly Tab[]): string {
  const names = [...workbook.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name = '']) => name)
  const titles = names.flatMap((name, at) => {
    const { stickyRowsCount: rows = 0, stickyColumnsCount: columns = 0 } = tabs[at] ?? {}
    const sheet = `'${name.replaceAll(/'|&apos;/g, '&apos;&apos;')}'`
    const ranges = [
      ...(columns > 0 ? [`${sheet}!$A:$${columnName(columns)}`] : []),
      ...(rows > 0 ? [`${sheet}!$1:$${rows}`] : []),
    ]
    const title = `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">${ranges.join(',')}</definedName>`
    return ranges.length > 0 ? [title] : []
  })
  if (titles.length === 0) return workbook
  const whole = `<definedNames>${titles.join('')}</definedNames>`
  return workbook.replace('<definedNames/>', () => whole)
}

/** @param tabs in the order of the sheets */
export const a4Pages = (tabs: readonly Tab[]): Feature<Blob> => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (sheet, _options, { sheetIndex }) => asPages(sheet, tabs[sheetIndex] ?? { columns: [] }),
      },
      'xl/workbook.xml': { transform: (workbook) => withTitles(workbook, tabs) },
    },
  },
})
