/** The act of submitting: asks when something is missing, once at a time, and says what happened. */
import { ref } from 'vue'
import type { Indicator } from '../../../../../shared/assessment/indicator-set.ts'
import type { Side } from '../../../../../shared/assessment/sides.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { useConfirm } from '../../../../ui/feedback/confirm.ts'
import { useToast } from '../../../../ui/feedback/toast.ts'
import { namesInWords } from '../../asked-words.ts'
import type { DraftWriter } from '../../draft-writer.ts'
import { submitSide, type Submitted } from './submit.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'

const SAID: Record<Submitted['type'], string> = {
  submitted: '自评已存本机，待送达',
  same: '已经提交过，没有新的改动',
  frozen: '这个月已定稿，不能再提交',
  'no-unit': '你还没有编入单位，暂时不能提交；请告诉系统管理员',
  'no-set': '这个月的指标还没有下载到本机，请联网后再提交',
}

export function useSubmit(month: string, side: Side, writer: DraftWriter) {
  const phone = usePhone()
  const confirm = useConfirm()
  const toast = useToast()
  const isBusy = ref(false)
  const trouble = ref<string | null>(null)

  async function act(missing: readonly Indicator[]): Promise<void> {
    if (!(await writer.flush())) {
      trouble.value = `${writer.trouble.value ?? '有内容没有存下。'}请先改好这一项，再提交。`
      return
    }
    if (missing.length > 0) {
      const names = namesInWords(
        missing.map((i) => i.title),
        6,
      )
      const text = `没有打分：${names}。评分人会看到这些项没有自评。`
      if (
        !(await confirm({
          title: `还差 ${missing.length} 项，就这样提交？`,
          text,
          yes: '提交',
          no: '回去补上',
        }))
      )
        return
    }
    toast.show(SAID[(await submitSide(phone, month, side)).type])
  }

  return {
    isBusy,
    trouble,
    async submit(missing: readonly Indicator[]): Promise<void> {
      if (isBusy.value) return
      isBusy.value = true
      trouble.value = null
      try {
        await act(missing)
      } catch (problem) {
        trouble.value = sentenceOf(problem, '填好的都还在，请再试一次。')
      } finally {
        isBusy.value = false
      }
    },
  }
}
