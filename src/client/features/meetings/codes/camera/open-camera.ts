/** The camera at the back of the phone, and why there is none. */

/**
 *   insecure  not opened by https: browsers then have no camera
 *   refused   by the person or by the phone's settings
 *   absent    there is none
 *   in-use    by another app
 *   other     the browser says no more
 */
export type CameraTrouble = 'insecure' | 'refused' | 'absent' | 'in-use' | 'other'

export const CAMERA_SENTENCES: Record<CameraTrouble, string> = {
  insecure: '这里不能用相机：要用 https 打开本应用，或换用较新的浏览器。',
  refused: '没有使用相机的许可。请在浏览器或手机的设置里允许本站使用相机，再打开一次。',
  absent: '没有找到相机。',
  'in-use': '相机正被别的应用占用。关掉那个应用，再打开一次。',
  other: '相机打不开。',
}

const KINDS: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'absent',
  OverconstrainedError: 'absent',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
}

export type CameraAnswer = { stream: MediaStream } | { trouble: CameraTrouble }

export async function openCamera(devices: MediaDevices | undefined): Promise<CameraAnswer> {
  if (devices?.getUserMedia === undefined) return { trouble: 'insecure' }
  try {
    const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } }
    return { stream: await devices.getUserMedia({ video, audio: false }) }
  } catch (problem) {
    return { trouble: KINDS[problem instanceof Error ? problem.name : ''] ?? 'other' }
  }
}

/** Not in every list of types yet. */
interface TorchCapabilities extends MediaTrackCapabilities {
  torch?: boolean
}

export function torchOf(stream: MediaStream): ((on: boolean) => Promise<void>) | null {
  const [track] = stream.getVideoTracks()
  const capabilities = track?.getCapabilities?.() as TorchCapabilities | undefined
  if (track === undefined || capabilities?.torch !== true) return null
  return async (on) => await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
}
