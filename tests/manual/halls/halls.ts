/** The halls that all screens are taken in, and what each is filled with. */
import { fillCrowded } from './crowded.ts'
import { fillSmall, type HallFill } from './fill-small.ts'
import { fillLongNames } from './long-names.ts'
import { fillNoData } from './no-data.ts'

export interface Hall {
  key: string
  name: string
  fill: (given: HallFill) => Promise<unknown>
}

const DEMO: Hall = { key: 'demo', name: '示例', fill: fillSmall }
export const NO_DATA: Hall = { key: 'empty', name: '没有数据', fill: fillNoData }
export const HALLS: readonly Hall[] = [
  DEMO,
  { key: 'long', name: '长名字、长标题', fill: fillLongNames },
  { key: 'crowded', name: '各 300 行', fill: fillCrowded },
  NO_DATA,
]
