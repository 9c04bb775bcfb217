// @vitest-environment happy-dom
/** Questions and acts that can fail: late and double answers, presses while one runs, a page that was left. */
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, effectScope, h, nextTick, ref, shallowRef } from 'vue'
import { RemoteProblem, type ProblemCode } from '../../../../src/client/remote/call.ts'
import OfficeAnswer from '../../../../src/client/ui/asking/OfficeAnswer.vue'
import { troubleOf } from '../../../../src/client/ui/asking/trouble.ts'
import { useAct } from '../../../../src/client/ui/asking/use-act.ts'
import { useAnswer, type Asked } from '../../../../src/client/ui/asking/use-answer.ts'

const offline = () => new RemoteProblem('offline', '现在没有网络。')

interface Call {
  about: string
  signal: AbortSignal
  answer(value: string): void
  fail(error: unknown): void
}
/** Questions that wait until the test answers them. */
function question() {
  const calls: Call[] = []
  const about = ref('甲')
  const scope = effectScope()
  const asked = scope.run(() =>
    useAnswer(
      (signal) =>
        new Promise<string>((answer, fail) => calls.push({ about: about.value, signal, answer, fail })),
      () => about.value,
    ),
  )!
  return { calls, about, scope, asked }
}

it('an answer that comes after another question was asked is dropped, whole or failed', async () => {
  const { calls, about, asked } = question()
  about.value = '乙'
  await nextTick()
  expect(calls.map((call) => call.about)).toEqual(['甲', '乙'])
  expect(calls[0]!.signal.aborted).toBe(true)
  calls[1]!.answer('答乙')
  await flushPromises()
  calls[0]!.answer('答甲')
  await flushPromises()
  expect(asked.answer.value).toBe('答乙')
  void asked.askAgain()
  void asked.askAgain()
  calls[2]!.fail(offline())
  await flushPromises()
  expect([asked.trouble.value, asked.isAsking.value]).toEqual([null, true])
  calls[3]!.answer('新答')
  await flushPromises()
  expect([asked.answer.value, asked.isAsking.value]).toEqual(['新答', false])
})

it('the last answer and the last trouble stay until the next has come', async () => {
  const { calls, asked } = question()
  calls[0]!.answer('旧')
  await flushPromises()
  void asked.askAgain()
  expect(asked.answer.value).toBe('旧')
  calls[1]!.fail(offline())
  await flushPromises()
  expect([asked.answer.value, asked.trouble.value?.text]).toEqual(['旧', '现在没有网络。'])
  void asked.askAgain()
  expect([asked.trouble.value?.text, asked.isAsking.value]).toEqual(['现在没有网络。', true])
  calls[2]!.answer('新')
  await flushPromises()
  expect([asked.answer.value, asked.trouble.value]).toEqual(['新', null])
})

it('a page that was left hears nothing more, and its question is ended', async () => {
  const { calls, scope, asked } = question()
  scope.stop()
  expect(calls[0]!.signal.aborted).toBe(true)
  calls[0]!.fail(new Error('aborted'))
  await flushPromises()
  expect(asked.trouble.value).toBeNull()
})

it('a second press begins nothing, what hindered the first is told, and a third may try again', async () => {
  const act = effectScope().run(() => useAct('写的还在。'))!
  const begun: (() => void)[] = []
  const fails: ((error: unknown) => void)[] = []
  const press = () =>
    act.run(
      () =>
        new Promise<void>((done, fail) => {
          begun.push(done)
          fails.push(fail)
        }),
    )
  void press()
  void press()
  expect(begun).toHaveLength(1)
  fails[0]!(new Error('x is not a function'))
  await flushPromises()
  expect([act.trouble.value?.text, act.isRunning.value]).toEqual(['写的还在。', false])
  void press()
  expect([act.trouble.value, act.isRunning.value, begun.length]).toEqual([null, true, 2])
  begun[1]!()
  await flushPromises()
  expect(act.isRunning.value).toBe(false)
})

it('acts in turn: none is dropped, none overtakes, a failure stops none', async () => {
  const scope = effectScope()
  const act = scope.run(() => useAct())!
  const log: string[] = []
  void act.runInTurn(async () => {
    await flushPromises()
    log.push('一')
    throw offline()
  })
  void act.runInTurn(async () => {
    await flushPromises()
    log.push(act.trouble.value === null ? '二' : '二，还留着一的话')
  })
  await act.runInTurn(async () => {
    await flushPromises()
    log.push('三')
    throw offline()
  })
  expect(log).toEqual(['一', '二', '三'])
  expect(act.trouble.value?.title).toBe('这一页需要联网')
  const left = act.runInTurn(() => Promise.reject(offline()))
  await nextTick()
  scope.stop()
  await left
  expect(act.trouble.value).toBeNull()
})

it('says of the line that the page needs it, of a refusal what the endpoint said, of a fault its advice', () => {
  expect(troubleOf(offline())).toEqual({ title: '这一页需要联网', text: '现在没有网络。' })
  const refused = new RemoteProblem('forbidden', '你现在的职务不能办。')
  expect(troubleOf(refused)).toEqual({ title: '没有办成', text: '你现在的职务不能办。', isFinal: true })
  expect(troubleOf(new TypeError('undefined is not'), '请重试。').text).toBe('请重试。')
})

it('what passes can be asked again; what would be refused again cannot', () => {
  const isFinal = (code: ProblemCode) => troubleOf(new RemoteProblem(code, '不行。')).isFinal === true
  const passing: ProblemCode[] = ['offline', 'overloaded', 'maintenance', 'slow-down', 'internal']
  expect(passing.filter(isFinal)).toEqual([])
  const final: ProblemCode[] = ['forbidden', 'not-found', 'bad-request', 'protocol-unsupported']
  expect(final.filter(isFinal)).toEqual(final)
  expect(troubleOf(new TypeError('x is not a function')).isFinal).toBeUndefined()
})

it('shows the wait, the trouble, or the answer with the trouble above it', async () => {
  const asked: Asked<string> = {
    answer: shallowRef<string>(),
    trouble: shallowRef(null),
    isAsking: ref(false),
    askAgain: () => {
      pressed += 1
      return Promise.resolve()
    },
  }
  let pressed = 0
  const Page = defineComponent(
    () => () =>
      h(
        OfficeAnswer as never,
        { asked, title: '要联网才能看', staleTitle: '下面是刚才的' },
        { default: ({ answer }: { answer: string }) => h('b', answer) },
      ),
  )
  const page = mount(Page)
  expect(page.find('[role=status]').exists()).toBe(true)
  asked.trouble.value = { title: '这一页需要联网', text: '现在没有网络。' }
  await nextTick()
  expect(page.text()).toBe('要联网才能看现在没有网络。再试一次')
  await page.get('button').trigger('click')
  expect(pressed).toBe(1)
  asked.answer.value = '十二份'
  await nextTick()
  expect(page.text()).toContain('下面是刚才的')
  expect(page.get('b').text()).toBe('十二份')
  asked.trouble.value = null
  await nextTick()
  expect(page.text()).toBe('十二份')
})
