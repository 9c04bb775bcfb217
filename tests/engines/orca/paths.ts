/** The main path of each job with Orca on: what is pressed, by real keys where a person would, and what has to be heard for it. */
import type { Page } from 'playwright-core'
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { go } from '../../browser/support/acts.ts'
import type { Places } from '../../browser/support/walk/places.ts'

export interface Hearing {
  page: Page
  places: Places
  /** A real key. */
  press(key: string): void
  /** @throws where one of these is not said, in this order, whatever is said between */
  hears(...words: readonly RegExp[]): Promise<void>
}

export interface Path {
  name: string
  staffNo: string
  walk(hearing: Hearing): Promise<void>
}

const focus = (page: Page, role: 'button' | 'spinbutton' | 'link', name?: string | RegExp) =>
  page
    .getByRole(role, name === undefined ? {} : { name })
    .first()
    .focus()

export const PATHS: readonly Path[] = [
  {
    name: '今日 is read line by line',
    staffNo: STAFF.member,
    async walk({ press, hears }) {
      for (let row = 0; row < 5; row++) press('Down')
      await hears(/^今天 \d+ 件，约 \d+ 分钟/, /heading level 2/, /^开始读：.* link/)
    },
  },
  {
    name: 'a tab says its page',
    staffNo: STAFF.member,
    async walk({ page, press, hears }) {
      await page.getByRole('navigation').getByRole('link', { name: '传阅' }).focus()
      await hears(/^传阅 link/)
      press('Return')
      await hears(/^main content$/, /^传阅 heading level 1/)
    },
  },
  {
    name: 'a lesson is marked: pressed, on the phone, delivered',
    staffNo: STAFF.member,
    async walk({ page, places, press, hears }) {
      await go(page, `/lessons/${places.lesson}`)
      await focus(page, 'button', '已学')
      await hears(/^已学 toggle button not pressed/)
      press('space')
      await hears(/^pressed/, /^已学 · 已存本机$/, /^已学 · 已送达$/)
    },
  },
  {
    name: 'a document is signed by the keyboard: why not yet, and that it has gone',
    staffNo: STAFF.member,
    async walk({ page, places, press, hears }) {
      await go(page, `/circulation/${places.circulation}/sign`)
      await focus(page, 'button', '改用键盘')
      await hears(/^改用键盘 push button/)
      press('Return')
      await hears(/entry/, /^请输入与登记一致的本人姓名/)
      for (let stop = 0; stop < 3; stop++) press('Tab')
      await hears(/^签字 push button grayed/, /^请输入与登记一致的本人姓名/)
      await page.getByLabel('输入姓名签字').fill('林晓禾')
      await hears(/^签字先存本机，再送达$/)
      await focus(page, 'button', /^签字$/)
      press('Return')
      await hears(/已存本机/, /^签字已送达$/)
    },
  },
  {
    name: 'an item of the self-assessment: unscored, then its score',
    staffNo: STAFF.member,
    async walk({ page, places, press, hears }) {
      await go(page, `/assessment/${places.thisMonth}/party`)
      await focus(page, 'spinbutton')
      await hears(/^自评 .*spin button/, /^还没有打分/)
      press('Up')
      await hears(/已存本机/)
      press('Up')
      await hears(/^[\d.]+$/)
    },
  },
  {
    name: 'a person of the roll: the name, the state, its change',
    staffNo: STAFF.secretary,
    async walk({ page, places, press, hears }) {
      await go(page, `/meetings/${places.meeting}/roll/${places.sitting}`)
      const row = page.locator('[data-person]').first()
      const name = (await row.getByRole('group').getAttribute('aria-label'))!
      await row.getByRole('button', { name: '到会' }).focus()
      await hears(new RegExp(`^${name} panel`), /^到会 toggle button not pressed/)
      press('space')
      await hears(/^pressed|^到会 toggle button pressed/, /^考勤已送达$/)
    },
  },
  {
    name: 'a score sheet: the item, unscored, then kept and delivered',
    staffNo: STAFF.secretary,
    async walk({ page, places, press, hears }) {
      await go(
        page,
        places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!,
      )
      await focus(page, 'spinbutton')
      await hears(/^评分：.*spin button/, /^还没有打分/)
      press('Up')
      await hears(/^评分：已存本机，待送达$/, /^评分：已送达$/)
    },
  },
]
