/** The Markdown renderer, fetched when the first text is opened and kept by the browser. */
export const loadMarkdown = (): Promise<typeof import('./markdown.ts')> => import('./markdown.ts')
