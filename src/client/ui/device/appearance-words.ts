/** The choices of appearance.ts as 我的 and the reader name them. */
export const appearanceWords = {
  theme: { auto: '跟随系统', light: '浅色', dark: '深色' },
  readerSize: { small: '小', medium: '中', large: '大', largest: '特大' },
  readerFace: { serif: '宋体', sans: '黑体' },
} as const
