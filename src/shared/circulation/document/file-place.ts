/** What a file of a revision is called by its place. @param at 0 is 正文 */
export const placeInWords = (at: number): string => (at === 0 ? '正文' : `附件 ${at}`)
