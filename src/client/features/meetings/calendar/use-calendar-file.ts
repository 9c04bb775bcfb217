/** Hands entries to the phone's calendar as a file. The part that writes it comes when it is asked for. */
import { ref } from 'vue'
import { usePhone } from '../../../storage/phone.ts'
import { shareOrSave } from '../../../ui/device/save-file.ts'
import { useToast } from '../../../ui/feedback/toast.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import type { CalendarEvent } from './calendar-events.ts'

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
  async function give(name: string, events: readonly CalendarEvent[]): Promise<void> {
    if (isMaking.value) return
    if (events.length === 0) return void toast.show('没有可以加入日历的')
    isMaking.value = true
    try {
      const { icsOf, ICS_MIME } = await import('./ics.ts')
      await shareOrSave(fileName(name), new Blob([icsOf(name, events, phone.now())], { type: ICS_MIME }))
    } catch (error) {
      toast.show(sentenceOf(error, '日历文件没有做成，请再试一次。'))
    } finally {
      isMaking.value = false
    }
  }
  return { give, isMaking }
}
