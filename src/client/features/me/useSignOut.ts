/** Signing out: says first what waits and what happens to it; hides everything at once, with or without a network. */
import { useRouter } from 'vue-router'
import { useSession } from '../../remote/session.ts'
import { useDelivery } from '../../sync/delivery-state.ts'
import { useConfirm } from '../../ui/feedback/confirm.ts'

export interface Left {
  waiting: number
  attention: number
  isOffline: boolean
}

export function signOutWords({ waiting, attention, isOffline }: Left): string {
  const parts: string[] = []
  if (waiting > 0)
    parts.push(
      `还有 ${waiting} 条待送达。它们留在这部手机上、记在你名下，下次你在这里登录时自动送达，别人看不到。`,
    )
  if (attention > 0) parts.push(`另有 ${attention} 条需处理，也留着，登录后再处理。`)
  if (waiting === 0 && attention === 0) parts.push('你写的都已送达，本机内容将清除，再登录时会重新取回。')
  if (isOffline) parts.push('现在没有网络：内容立即隐藏，下次联网时再告诉服务器。没有网络时不能重新登录。')
  return parts.join('\n')
}

export function useSignOut(): () => Promise<void> {
  const session = useSession()
  const delivery = useDelivery()
  const confirm = useConfirm()
  const router = useRouter()

  return async () => {
    const { waiting, attention, phase } = delivery.summary.value
    const isOffline = phase === 'offline' || !navigator.onLine
    const kept = waiting + attention
    const yes = await confirm({
      title: kept > 0 ? `还有 ${kept} 条在本机，仍要退出吗` : '退出登录',
      text: signOutWords({ waiting, attention, isOffline }),
      yes: '退出登录',
      no: '先不退出',
    })
    if (!yes) return
    // The page goes first: nothing of it may read a database that is being closed.
    const signingOut = session.signOut()
    await router.replace({ path: '/sign-in', query: kept > 0 ? { kept } : {} })
    await signingOut
  }
}
