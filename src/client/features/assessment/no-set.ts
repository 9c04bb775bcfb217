/** Why a month has no indicators: they have not come to this device yet, or the office has published none. */
import { computed } from 'vue'
import { useDelivery } from '../../sync/delivery-state.ts'

export function useNoSet() {
  const { summary } = useDelivery()
  const hasCome = computed(() => !summary.value.preparing && summary.value.lastContactAt !== null)
  return computed(() =>
    hasCome.value
      ? {
          note: '党建科还没有发布指标，发布后自动下载',
          what: '党建科还没有发布这个月的指标',
          who: '指标发布后，联网时自动下载。',
        }
      : {
          note: '指标还没有下载到本机，联网后自动下载',
          what: '这个月的指标还没有下载到本机',
          who: '指标体系由党建科发布，联网后自动下载。',
        },
  )
}
