/** What every hall but the empty one begins with. */
import { fillDemo, type DemoFill } from '../../../src/server/demo/fill.ts'

export type HallFill = Omit<DemoFill, 'size'>
export const fillSmall = (given: HallFill) => fillDemo({ ...given, size: 'small' })
