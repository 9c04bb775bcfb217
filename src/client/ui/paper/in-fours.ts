/** A hash or code as people compare it, by eye or by telephone: in groups of four. */
export const inFours = (code: string): string => code.replace(/(.{4})(?=.)/gu, '$1 ')
