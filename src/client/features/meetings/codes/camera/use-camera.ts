/**
 * The camera as a stream of texts, as long as the page is in sight: what a code says, as often as it is seen. Off when the page
 * is left or hidden, and on again by itself when it comes back.
 */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { createCodeReader, type CodeReader } from './code-reader.ts'
import { openCamera, torchOf, type CameraTrouble } from './open-camera.ts'

/** Between two looks the thumb is answered. */
const PAUSE_MS = 80

export function useCamera(onText: (text: string) => void) {
  const video = shallowRef<HTMLVideoElement | null>(null)
  const isOn = ref(false)
  const isOpening = ref(false)
  const trouble = ref<CameraTrouble | null>(null)
  const torch = shallowRef<ReturnType<typeof torchOf>>(null)
  const isLit = ref(false)
  let stream: MediaStream | undefined
  let reader: CodeReader | undefined
  let wanted = false
  let round = 0

  function release(): void {
    round++
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
    torch.value = null
    isOn.value = isOpening.value = isLit.value = false
    if (video.value !== null) video.value.srcObject = null
  }
  function stop(): void {
    wanted = false
    release()
  }

  /** Until the camera is closed or opened anew. */
  async function look(own: number): Promise<void> {
    if (own !== round) return
    reader ??= createCodeReader()
    const element = video.value
    const isReady = element !== null && element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
    const text = isReady ? await reader.read(element).catch(() => null) : null
    if (own !== round) return
    if (text !== null) onText(text)
    setTimeout(() => void look(own), PAUSE_MS)
  }

  async function start(): Promise<void> {
    release()
    wanted = true
    trouble.value = null
    isOpening.value = true
    const own = round
    const answer = await openCamera(navigator.mediaDevices)
    if (own !== round || video.value === null) {
      if ('stream' in answer) for (const track of answer.stream.getTracks()) track.stop()
      return
    }
    isOpening.value = false
    if ('trouble' in answer) {
      trouble.value = answer.trouble
      return
    }
    stream = answer.stream
    torch.value = torchOf(stream)
    // Another app took it, or the person took the permission back.
    stream.getVideoTracks()[0]?.addEventListener('ended', () => {
      if (own !== round) return
      release()
      trouble.value = 'in-use'
    })
    video.value.srcObject = stream
    isOn.value = true
    await video.value.play().catch(() => undefined)
    void look(own)
  }

  async function light(): Promise<void> {
    try {
      await torch.value?.(!isLit.value)
      isLit.value = !isLit.value
    } catch {
      torch.value = null
    }
  }

  /** @returns false when the picture has no code in it */
  async function readPhoto(file: Blob): Promise<boolean> {
    reader ??= createCodeReader()
    const picture = await createImageBitmap(file).catch(() => null)
    const text = picture === null ? null : await reader.read(picture, { thorough: true })
    picture?.close()
    if (text !== null) onText(text)
    return text !== null
  }

  const whenHidden = (): void => {
    if (document.hidden) release()
    else if (wanted && !isOn.value) void start()
  }
  document.addEventListener('visibilitychange', whenHidden)
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', whenHidden)
    stop()
    reader?.close()
  })
  return { video, isOn, isOpening, trouble, torch, isLit, start, stop, light, readPhoto }
}
