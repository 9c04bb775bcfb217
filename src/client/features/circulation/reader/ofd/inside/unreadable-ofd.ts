import type { Refusals } from '../../package/zip-package.ts'

/** An OFD that can't be shown; `message` is a Chinese sentence. */
export class UnreadableOfd extends Error {
  readonly type = 'unreadable-pdf'
}

export const damaged = (cause?: unknown): UnreadableOfd =>
  new UnreadableOfd('这个 OFD 打不开，可能已损坏或内容不全。请告诉党建科，请他们另发一份 PDF。', { cause })
export const tooLarge = (): UnreadableOfd =>
  new UnreadableOfd('这个 OFD 展开以后太大，手机上打不开。请告诉党建科，请他们另发一份 PDF。')
export const encrypted = (): UnreadableOfd =>
  new UnreadableOfd('这个 OFD 已加密，打不开。请告诉党建科换一份没有加密的。')

export const OFD_REFUSALS: Refusals = { damaged, tooLarge, encrypted }
