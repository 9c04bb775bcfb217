/** What a mark of the roll can say, and its words. */
export const ROLL_STATES = ['present', 'late', 'leave', 'absent', 'cleared'] as const
export type RollState = (typeof ROLL_STATES)[number]
export const ROLL_STATE_WORDS = {
  present: '到会',
  late: '迟到',
  leave: '请假',
  absent: '缺席',
  cleared: '未点',
} as const
export const LEAVE_KINDS = ['duty', 'sick', 'personal', 'errand'] as const
export type LeaveKind = (typeof LEAVE_KINDS)[number]
export const LEAVE_WORDS = { duty: '值班', sick: '病', personal: '事', errand: '公差' } as const
export const ROLL_METHODS = ['tap', 'scan', 'code', 'paper'] as const
export type RollMethod = (typeof ROLL_METHODS)[number]
export const ROLL_METHOD_WORDS = { tap: '点名', scan: '扫码', code: '报码', paper: '纸质补录' } as const
