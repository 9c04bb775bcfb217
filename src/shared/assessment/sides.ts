/** The two sides of the assessment, and which desk scores each. */
export const SIDES = ['party', 'work'] as const
export type Side = (typeof SIDES)[number]
export const SIDE_WORDS = { party: '党建', work: '业务' } as const
