/** Sentences of self-assessments, and reasons of scorers. */
import type { Side } from '../../../shared/assessment/sides.ts'

export const SENTENCES: Record<Side, readonly string[]> = {
  party: [
    '两次小组会都到了，一次是晚班后赶来的。',
    '联系的五户本月都打过电话，其中一户上门帮着填了表。',
    '值班没能参加，已看纪要补学。',
    '周末清扫参加一次，负责自助区。',
    '带着新同志走了一遍流程。',
  ],
  work: [
    '本月没有退件，补正都一次说清。',
    '有一件超过承诺时间半天，已向当事人说明。',
    '叫号高峰时主动开了备用窗口。',
    '评价器有一次没有提醒，已注意。',
    '整理了三个常见问题的答复，放在台面上。',
  ],
}

export const DEDUCTIONS: Record<Side, readonly string[]> = {
  party: ['本月小组会请假一次，补学在两周之后', '联系记录少一户', '心得交得晚，内容偏简'],
  work: ['抽查一件材料清单未盖日期', '交接记录缺一次签名', '回访有一位反映说得太快', '工位牌有一天没有摆出'],
}
