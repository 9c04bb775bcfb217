/** Fonts of an OFD as those of the phone: what is named is tried first, then the family that is nearest. */
import { attribute } from '../../package/xml.ts'

export interface Face {
  family: string
  isBold: boolean
  isItalic: boolean
}

const NEAREST: readonly (readonly [RegExp, string])[] = [
  [
    /仿宋|fangsong|fang song|fs_?gb/i,
    '"FangSong", "STFangsong", "FZFangSong-Z02S", "Songti SC", "Noto Serif CJK SC", serif',
  ],
  [/楷|kai/i, '"KaiTi", "STKaiti", "Kaiti SC", "Noto Serif CJK SC", serif'],
  [
    /黑|hei|gothic|yahei|雅黑|等线|dengxian/i,
    '"SimHei", "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans CJK SC", sans-serif',
  ],
  [/courier|consol|mono/i, '"Courier New", monospace'],
  [/arial|helvetica|calibri|verdana|sans/i, 'Arial, "Noto Sans CJK SC", sans-serif'],
  [/times|roman|cambria|georgia/i, '"Times New Roman", "Noto Serif CJK SC", serif'],
]
const SONG = '"SimSun", "Songti SC", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", serif'

const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1'

export function faceOf(font: Element | undefined): Face {
  const names = [attribute(font, 'FontName'), attribute(font, 'FamilyName')].filter(
    (name) => name !== undefined,
  )
  const nearest = NEAREST.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? SONG
  const own = names.map((name) => `"${name.replace(/^[A-Z]{6}\+/, '').replace(/["\\]/g, '')}"`)
  return {
    family: [...new Set(own), nearest].join(', '),
    isBold: isTrue(attribute(font, 'Bold')) || names.some((name) => /bold|小标宋|heavy/i.test(name)),
    isItalic: isTrue(attribute(font, 'Italic')) || names.some((name) => /italic|oblique/i.test(name)),
  }
}
