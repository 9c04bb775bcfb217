// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
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
  expect(view.findAll('button').map((each) => each.text())).toEqual(['再打开一次', '拍一张码的照片'])
  view.unmount()
})
