/** Invented names. Common surnames come often, rare and compound ones now and then; no name comes twice. */
import type { Chance } from '../random.ts'

const COMMON = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕']
const RARE = [
  ...'单解仇覃查盖乐区翟黑员缪冼宓郗逯亓佘芮笪',
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '尉迟',
  '令狐',
  '皇甫',
  '长孙',
  '慕容',
]
const FIRST = [...'文明思晓建志海国雨嘉子春丽玉小佳永立静宇天雪若书一清云景安知以']
const SECOND = [...'华军芳敏杰涛磊娜燕强宁平远鹏琳婷峰洁波慧宏欣悦然航彤梅阳松楠溪岩']

export function createNames(chance: Chance): () => string {
  const taken = new Set<string>()
  const make = (): string => {
    const surname = chance.happens(0.12) ? chance.pick(RARE) : chance.pick(COMMON)
    const given = chance.happens(0.15) ? chance.pick(SECOND) : chance.pick(FIRST) + chance.pick(SECOND)
    return surname + given
  }
  return () => {
    let name = make()
    while (taken.has(name)) name = make()
    taken.add(name)
    return name
  }
}
