/** How a phone is called in the list of one's devices. */
const SYSTEMS: readonly [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/i, '鸿蒙'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, '安卓'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
]
const BROWSERS: readonly [RegExp, string][] = [
  [/MicroMessenger/, '微信'],
  [/wxwork/, '企业微信'],
  [/DingTalk/, '钉钉'],
  [/Edg\//, 'Edge'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
]

/** 'iPhone · Safari': enough to tell one's own devices apart, and no more. */
export function deviceNameOf(userAgent: string): string {
  const first = (names: readonly [RegExp, string][]) => names.find(([test]) => test.test(userAgent))?.[1]
  return [first(SYSTEMS), first(BROWSERS)].filter((name) => name !== undefined).join(' · ') || '浏览器'
}
