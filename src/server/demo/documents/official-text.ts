/** An official document as plain blocks, read from its Markdown: what the PDF and the Word file are set from. */
export interface OfficialText {
  title: string
  /** 发文字号 */
  number: string
  blocks: OfficialBlock[]
  /** Who signs at the end, and the date as it stands on paper. */
  issuer: string
  date: string
}

export interface OfficialBlock {
  /** `to`: the line of addressees, without indent. */
  kind: 'heading' | 'paragraph' | 'to'
  text: string
}

/** A paragraph that is one line ending in a colon, first of all, names the addressees. */
export function blocksOf(markdown: string): OfficialBlock[] {
  const parts = markdown
    .split(/\n\s*\n/)
    .map((part) => part.trim().replaceAll('\n', ''))
    .filter((part) => part !== '' && !part.startsWith('# '))
  return parts.map((part, index) => {
    if (part.startsWith('## ')) return { kind: 'heading', text: part.slice(3) }
    if (index === 0 && part.endsWith('：')) return { kind: 'to', text: part }
    return { kind: 'paragraph', text: part }
  })
}

/** Puts dates into a text: `{{截止}}` and its like. @throws when the text asks for a word that is not given */
export function withWords(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(.+?)\}\}/g, (_all, name: string) => {
    const word = words[name]
    if (word === undefined) throw new Error(`demo text asks for ${name}`)
    return word
  })
}
