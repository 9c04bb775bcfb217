/** Signing out: says first what waits and what happens to it; hides everything at once, with or without a network. */
// Here with the page: a part that once failed to come may stay away until the app is opened again.
import '../../remote/session-calls.ts'
import { useRouter } from 'vue-router'
import { useSession } from '../../remote/session.ts'
import { countByLabel, listKept, type KeptDraft } from '../../storage/kept-drafts.ts'
import { usePhone } from '../../storage/phone.ts'
import { StorageTrouble } from '../../storage/trouble.ts'
import { useDelivery } from '../../sync/delivery-state.ts'
import { useConfirm } from '../../ui/feedback/confirm.ts'

export interface Left {
  waiting: number
  attention: number
  /** What is half written; null: it could not be read just now, and is kept whatever it is. */
  drafts: readonly KeptDraft[] | null
  isOffline: boolean
}

/** 会议纪要、申诉 2 份 */
const named = (drafts: readonly KeptDraft[]): string =>
  countByLabel(drafts)
    .map(({ label, count }) => (count > 1 ? `${label} ${count} 份` : label))
    .join('、')

export function signOutWords({ waiting, attention, drafts, isOffline }: Left): string {
  const parts: string[] = []
  if (waiting > 0)
    parts.push(`还有 ${waiting} 条待送达。它们留在本机、记在你名下，下次你在这里登录时自动送达，别人看不到。`)
  if (attention > 0)
    parts.push(
      waiting > 0
        ? `另有 ${attention} 条需处理，也留着，登录后再处理。`
        : `有 ${attention} 条需处理，留在本机，登录后再处理。`,
    )
  if (drafts === null) parts.push('没有写完的内容都留在本机，登录后可以接着写。')
  else if (drafts.length > 0) parts.push(`没写完的${named(drafts)}，留在本机，登录后可以接着写，别人看不到。`)
  if (waiting === 0 && attention === 0 && drafts?.length === 0)
    parts.push('你写的都已送达，本机内容将清除，再登录时重新下载。')
  if (isOffline) parts.push('现在没有网络：内容立即隐藏，下次联网时再告诉服务器。没有网络时不能重新登录。')
  return parts.join('\n')
}

function titleOf(kept: number, unfinished: number): string {
  if (kept > 0) return `还有 ${kept} 条在本机，仍要退出？`
  return unfinished > 0 ? `还有 ${unfinished} 份没写完，仍要退出？` : '退出登录？'
}

const leftQuery = (kept: number, unfinished: number) => ({
  ...(kept > 0 ? { kept } : {}),
  ...(unfinished > 0 ? { unfinished } : {}),
})

export function useSignOut(): () => Promise<void> {
  const session = useSession()
  const delivery = useDelivery()
  const confirm = useConfirm()
  const router = useRouter()
  const { db } = usePhone()

  const readDrafts = async (): Promise<KeptDraft[] | null> => {
    try {
      return await listKept(db)
    } catch (error) {
      // One can leave all the same: what cannot be read is not deleted either.
      if (error instanceof StorageTrouble) return null
      throw error
    }
  }

  return async () => {
    const { waiting, attention, phase } = delivery.summary.value
    const isOffline = phase === 'offline' || !navigator.onLine
    const kept = waiting + attention
    const drafts = await readDrafts()
    const unfinished = drafts?.length ?? 0
    const yes = await confirm({
      title: titleOf(kept, unfinished),
      text: signOutWords({ waiting, attention, drafts, isOffline }),
      yes: '退出登录',
      no: '先不退出',
    })
    if (!yes) return
    // The page goes first: nothing of it may read a database that is being closed.
    const signingOut = session.signOut()
    await router.replace({ path: '/sign-in', query: leftQuery(kept, unfinished) })
    await signingOut
  }
}
