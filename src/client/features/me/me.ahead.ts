/** 离线保存 goes on by itself: at the start, when the network is back, and when something new is published. */
import { follow } from '../../storage/upkeep/follow.ts'
import type { Phone } from '../../storage/phone.ts'
import { endOfflineKeeper, isWanted, offlineKeeperOf } from './offline/offline-keeper.ts'
import { readPlan } from './offline/offline-plan.ts'

export function keepAhead(phone: Phone): () => void {
  const keeper = offlineKeeperOf(phone)
  // The page of 离线保存 tells what is wrong.
  const wake = () => void keeper.wake().catch(() => undefined)
  // By what is planned, not by what has come: a file that cannot be had must not begin a new round by itself.
  let planned = ''
  const readHashes = async () => {
    // Who did not ask for it has nothing read for it with every page that comes.
    if (!(await isWanted(phone))) return ''
    const { parts } = await readPlan(phone)
    return parts.flatMap((part) => part.files.map((file) => file.sha256)).join(' ')
  }
  const stop = follow(readHashes, (hashes) => {
    if (hashes === planned) return
    planned = hashes
    wake()
  })
  wake()
  window.addEventListener('online', wake)
  return () => {
    stop()
    window.removeEventListener('online', wake)
    endOfflineKeeper(phone)
  }
}
