/**
 * What the thumb does on an open roll: one person, all who are left, back again. 纸质补录 goes on until it is stopped; a page that is
 * opened anew takes the roll of the room.
 */
import { computed, ref, watch } from 'vue'
import { useConfirm } from '../../../ui/feedback/confirm.ts'
import { useToast } from '../../../ui/feedback/toast.ts'
import { elsewhereTold } from '../model/roll-words.ts'
import type { NextState } from './roll-acts.ts'
import type { RollPageState } from './use-roll.ts'

export function useMarking(page: RollPageState) {
  const confirm = useConfirm()
  const toast = useToast()
  const isOpen = computed(() => page.standing.value === 'open')
  /** Of the sheet that is being entered; null while the roll is taken in the room. */
  const paperDate = ref<string | null>(null)
  const isMarkingRest = ref(false)
  // The page says it at its top, which the thumb may have left far behind.
  watch(page.standing, (now, before) => {
    if (before === 'open' && now === 'cancelled') toast.show('会议已取消，已记的都保留')
  })
  const ground = () =>
    paperDate.value === null ? {} : { method: 'paper' as const, paperDate: paperDate.value }

  return {
    isOpen,
    paperDate,
    isMarkingRest,
    async mark(personId: string, next: NextState): Promise<void> {
      const person = page.lines.value.find((line) => line.personId === personId)
      if (person === undefined || !isOpen.value || page.places.value.left.has(personId)) return
      const written = await page.mark([{ person, ...next, ground: ground() }])
      const there = page.elsewhere.value.get(personId)
      if (written === 1 && there !== undefined && next.state !== 'cleared')
        toast.show(elsewhereTold(person.name, next.state, there))
    },
    async undo(): Promise<void> {
      const answer = await page.undo()
      if (answer?.type !== 'undone') return
      toast.show(
        answer.kept > 0
          ? `已撤销 ${answer.count} 条，${answer.kept} 条已被更正，保持不变`
          : `已撤销 ${answer.count} 条`,
      )
    },
    async markRest(): Promise<void> {
      const people = page.rest.value
      const folded = page.fold.value.count
      const yes = await confirm({
        title: `其余 ${people.length} 人都记到会？`,
        text: `只记还没有点到的人，已记请假、缺席的不变。${folded > 0 ? `按排班不在这一场的 ${folded} 人不在内。` : ''}记错了可以撤销。`,
        yes: '记到会',
      })
      if (!yes) return
      isMarkingRest.value = true
      await page.mark(people.map((person) => ({ person, state: 'present' as const, ground: ground() })))
      isMarkingRest.value = false
    },
  }
}
