/** Whose page it is, where a page is not for everyone: `meta.only` of its route. */

/** Of the whole bureau; offices of a unit are told by the pages themselves, which know the unit. */
export const USERS = { office: '党建科', administrator: '系统管理员' } as const
export type PageUser = keyof typeof USERS
