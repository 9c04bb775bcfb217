/** Is 今日 what this page opens with, or stands at? Asked before the router is there too. */
export const isAtToday = (): boolean => ['/', '/today'].includes(location.pathname)
