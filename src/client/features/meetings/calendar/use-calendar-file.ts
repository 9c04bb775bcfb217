/** Hands entries to the phone's calendar as a file. The part that writes it comes when it is asked for. */
import { ref } from 'vue'
import { civilDate } from '../../../../shared/civil-time.ts'
import { usePhone } from '../../../storage/phone.ts'
import { shareOrSave } from '../../../ui/device/save-file.ts'
import { useToast } from '../../../ui/feedback/toast.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import type { CalendarEvent } from './calendar-events.ts'
import { keepGiven, readGiven, withGone } from './given.ts'

/** What phones and their file systems take in a name. */
const fileName = (name: string): string =>
  `${name
    .replaceAll(/[\\/:*?"<>|\s]+/gu, ' ')
    .trim()
    .slice(0, 60)}.ics`

export function useCalendarFile() {
  const phone = usePhone()
  const toast = useToast()
  const isMaking = ref(false)
  /** @param isOfFile tells by the uid which earlier entries this file speaks for */
  async function give(
    name: string,
    standing: readonly CalendarEvent[],
    isOfFile: (uid: string) => boolean,
  ): Promise<void> {
    if (isMaking.value) return
    isMaking.value = true
    try {
      const today = civilDate(phone.now())
      const events = withGone(standing, await readGiven(phone.db), isOfFile, today)
      if (events.length === 0) return void toast.show('没有可以加入日历的')
      const { icsOf, ICS_MIME } = await import('./ics.ts')
      const file = new Blob([icsOf(name, events, phone.now())], { type: ICS_MIME })
      if ((await shareOrSave(fileName(name), file)) === 'stopped') return
      await keepGiven(phone.db, events, today)
    } catch (error) {
      toast.show(sentenceOf(error, '日历文件没有做成，请再试一次。'))
    } finally {
      isMaking.value = false
    }
  }
  return { give, isMaking }
}
