/** The Markdown renderer, fetched when the first text is opened and kept by the browser. */
import type * as markdown from './markdown.ts'

export const loadMarkdown = (): Promise<typeof markdown> => import('./markdown.ts')
