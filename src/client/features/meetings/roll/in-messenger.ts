/** WeChat's and WeCom's own browsers: storage there can vanish with the chat, so a roll is never taken in them. */
export const isInMessenger = (userAgent: string): boolean => /MicroMessenger|wxwork/i.test(userAgent)
