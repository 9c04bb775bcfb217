// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import CameraActs from '../../../../../src/client/features/meetings/codes/camera/CameraActs.vue'
import CameraView from '../../../../../src/client/features/meetings/codes/camera/CameraView.vue'
import {
  CAMERA_SENTENCES,
  openCamera,
} from '../../../../../src/client/features/meetings/codes/camera/open-camera.ts'
import { eventually } from '../../../../support/eventually.ts'

const failing = (name: string): MediaDevices =>
  ({
    getUserMedia: () => Promise.reject(new DOMException('told in English', name)),
  }) as unknown as MediaDevices

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'absent'],
  ['OverconstrainedError', 'absent'],
  ['NotReadableError', 'in-use'],
  ['SomethingNew', 'other'],
] as const)('%s is %s, with what to do', async (name, trouble) => {
  expect(await openCamera(failing(name))).toEqual({ trouble })
  expect(CAMERA_SENTENCES[trouble]).toMatch(/。$/)
})

it('a browser without a camera at all is told apart', async () => {
  expect(await openCamera(undefined)).toEqual({ trouble: 'insecure' })
})

it('says why there is no picture, and offers the photo', async () => {
  vi.stubGlobal('navigator', { ...navigator, mediaDevices: failing('NotAllowedError') })
  const view = mount(CameraView)
  await eventually(() => expect(view.text()).toContain('没有使用相机的许可'))
  expect(view.text()).not.toContain('told in English')
  expect(view.findAll('button').map((each) => each.text())).toEqual(['再打开一次', '拍照认码'])
  view.unmount()
})

it('leaves what can be done to the foot of a page that has it there', async () => {
  vi.stubGlobal('navigator', { ...navigator, mediaDevices: failing('NotFoundError') })
  const view = mount(CameraView, { props: { actsApart: true } })
  await eventually(() => expect(view.text()).toContain('没有找到相机'))
  expect(view.findAll('.error-note button')).toEqual([])
  const foot = mount(CameraActs, { props: { camera: view.vm as InstanceType<typeof CameraView> } })
  expect(foot.findAll('button').map((each) => each.text())).toEqual(['再打开一次', '拍照认码'])
  expect(view.emitted('blind')).toEqual([[true]])
  await foot.findAll('button')[0]!.trigger('click')
  await eventually(() => expect(view.emitted('blind')).toEqual([[true], [false], [true]]))
  view.unmount()
})
