import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { createPhoneHolder, type FollowedSession } from '../../../src/client/app/session/phone-holder.ts'
import type { OpenPhone } from '../../../src/client/sync/phone/open-phone.ts'

const settle = async () => {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}
const person = (id: string) => ({ id, name: id, staffNo: id })

function fakePhone(id: string, deviceId: string, log: string[]): OpenPhone {
  return {
    person: person(id),
    deviceId,
    engine: { start: () => log.push(`start ${id}`), signedIn: () => log.push(`signed in ${id}`) },
    close: async () => void log.push(`close ${id}`),
  } as unknown as OpenPhone
}

function setUp(first: string | null) {
  const log: string[] = []
  const session: FollowedSession = reactive({
    person: first === null ? null : person(first),
    deviceId: first === null ? null : 'd1',
    keyId: null,
    state: first === null ? 'signed-out' : 'signed-in',
  })
  const open = vi.fn(async ({ id }: { id: string }, { deviceId }: { deviceId: string }) => {
    log.push(`open ${id}`)
    return fakePhone(id, deviceId, log)
  })
  return { log, session, open, holder: createPhoneHolder(session, open) }
}

describe('the open phone', () => {
  it('waits until the session has set all of its parts', async () => {
    const { log, session, holder } = setUp(null)
    session.person = person('a')
    session.deviceId = 'd1'
    session.state = 'signed-in'
    await settle()
    expect(holder.state.value.type).toBe('open')
    expect(log).toEqual(['open a', 'start a'])
  })
  it('begins at once for whom the browser remembers, so that its code comes while the frame is made', () => {
    const { open } = setUp('a')
    expect(open).toHaveBeenCalledOnce()
  })
  it('closes one person before it opens the next, and hides at once', async () => {
    const { log, session, holder } = setUp('a')
    await settle()
    session.person = null
    expect(holder.state.value.type).toBe('none')
    session.person = person('b')
    await settle()
    expect(log).toEqual(['open a', 'start a', 'close a', 'open b', 'start b'])
  })
  it('wakes the queue when the same person signs in again, and opens anew on another device id', async () => {
    const { log, session } = setUp('a')
    await settle()
    session.state = 'expired'
    session.state = 'signed-in'
    expect(log.at(-1)).toBe('signed in a')
    session.state = 'expired'
    session.deviceId = 'd2'
    session.state = 'signed-in'
    await settle()
    expect(log.slice(-3)).toEqual(['close a', 'open a', 'start a'])
  })
  it('keeps the reason when it cannot open, and tries again on a word', async () => {
    const { session, open, holder } = setUp(null)
    open.mockRejectedValueOnce(new Error('no room'))
    session.deviceId = 'd1'
    session.person = person('a')
    await settle()
    expect(holder.state.value).toMatchObject({ type: 'trouble' })
    holder.tryAgain()
    await settle()
    expect(holder.state.value.type).toBe('open')
  })
})
