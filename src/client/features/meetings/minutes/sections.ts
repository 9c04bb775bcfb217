/**
 * The sections of minutes in work: one for each item of the agenda, and what the writer added. An item's key follows from its
 * words: two phones of one writer make the same section of it, and an item that comes later finds its place.
 */
import { sha256Hex } from '../../../../shared/sync/canonical.ts'
import type { MinutesDraft } from '../../../../shared/meetings/minutes/draft.ts'

export interface Section {
  key: string
  heading: string
  text: string
  order: number
}

const agendaKey = (line: string): string => `a${sha256Hex(line).slice(0, 10)}`
/** What an older version of the app had kept as one text. */
const BEFORE = 'before'
const WHOLE = 'text'

const agendaLines = (agenda: string): string[] => [
  ...new Set(
    agenda
      .split('\n')
      .map((line) => line.trim().slice(0, 200))
      .filter((line) => line !== ''),
  ),
]

/** What stands in the draft, and the items of the agenda that it does not have yet. @param before a text of an older version */
export function sectionsOf(
  draft: Pick<MinutesDraft, 'sections'> | undefined,
  agenda: string,
  before: string,
): Section[] {
  const found = new Map<string, Section>()
  const lines = agendaLines(agenda)
  for (const [at, line] of lines.entries())
    found.set(agendaKey(line), { key: agendaKey(line), heading: line, text: '', order: at + 1 })
  if (lines.length === 0) found.set(WHOLE, { key: WHOLE, heading: '内容', text: '', order: 1 })
  const standing = Object.entries(draft?.sections ?? {})
  for (const [key, { heading = '', text = '', order = 0 }] of standing) {
    const own = found.get(key)
    // An item that the agenda dropped goes only while nothing was written under it.
    if (own === undefined && text === '' && heading !== '' && key.startsWith('a')) continue
    found.set(key, {
      key,
      heading: heading === '' ? (own?.heading ?? '') : heading,
      text,
      order: own?.order ?? order,
    })
  }
  if (before !== '' && draft === undefined)
    found.set(BEFORE, { key: BEFORE, heading: '', text: before, order: 0 })
  return [...found.values()].sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
}

/**
 * The words that are handed to the chair: what has text, under its heading. Every paper and page sets 内容 above them: the section
 * of a meeting without an agenda, which is called so, bears no heading where it comes first.
 */
export function bodyOf(sections: readonly Section[]): string {
  return sections
    .filter(({ text }) => text.trim() !== '')
    .map(({ key, heading, text }, at) =>
      heading === '' || (key === WHOLE && at === 0) ? text.trim() : `### ${heading}\n\n${text.trim()}`,
    )
    .join('\n\n')
}

/** It stands alone, and its label says what the heading above it would. */
export const isWholeAlone = (sections: readonly Section[]): boolean =>
  sections.length === 1 && sections[0]?.key === WHOLE

/** As a person counts: without blanks and the marks of headings. */
export const lettersIn = (body: string): number => body.replaceAll(/^#+ |\s/gm, '').length

/** Every line as it was written; headings and lists are set as such. */
export const asMarkdown = (body: string): string => body.replaceAll(/([^\n])\n(?!\n)/g, '$1  \n')
