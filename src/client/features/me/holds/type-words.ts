/** Every record type in Chinese words, for the page that says what this phone holds. */
import type { RecordType } from '../../../../shared/sync/registry.ts'

const TYPE_WORDS: Record<RecordType, string> = {
  unit: '单位',
  person: '我的人员登记',
  membership: '所属单位与成员名单',
  role: '职务',
  'device-key': '设备公钥',
  'endpoint-key': '回执公钥',
  opinion: '意见建议',
  column: '栏目',
  lesson: '每周一课',
  'lesson-receipt': '已学标记',
  reflection: '我的心得',
  'shared-reflection': '支部里分享的心得',
  book: '口袋书',
  'book-chapter': '口袋书章节',
  'reading-position': '读到哪里',
  highlight: '划线',
  note: '笔记',
  'recall-card': '温故卡',
  document: '文件',
  'document-confirmation': '文件的非密确认',
  circulation: '传阅',
  'recipient-change': '名单变更',
  'sign-off': '签字',
  'signed-for': '我的代签记录',
  'sign-off-settlement': '签字核定',
  reminder: '催阅',
  countersignature: '签字回执',
  'circulation-export': '导出留痕',
  'meeting-kind': '会议类型与规则',
  meeting: '会议',
  'roll-mark': '签到记录',
  'make-up': '补学',
  minutes: '会议纪要',
  'indicator-set': '指标体系',
  'self-assessment': '自评',
  submission: '提交的自评',
  'score-sheet': '评分表',
  'month-result': '月度结果',
  appeal: '申诉',
}

/** A type that a newer version brought has no word yet. */
export const typeWord = (type: string): string =>
  (TYPE_WORDS as Partial<Record<string, string>>)[type] ?? '其他内容'
