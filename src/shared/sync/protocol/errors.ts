/**
 * Every error code of the wire, once: its HTTP status and what the client does. Retry is decided here, never by reading a
 * message. `sentence` is what a person reads; it says what to do.
 */
export type ClientAction = 'retry' | 'sign-in' | 'update-app' | 'show' | 'renew-device'

interface ErrorRow {
  status: number
  action: ClientAction
  sentence: string
}

export const ERRORS = {
  'bad-request': {
    status: 400,
    action: 'show',
    sentence: '内容有误，没有收下。请更新应用后再试一次。',
  },
  'body-too-large': { status: 413, action: 'show', sentence: '内容太大，没有收下。请删减后再试一次。' },
  'not-signed-in': { status: 401, action: 'sign-in', sentence: '请重新登录。本机的内容都还在。' },
  'wrong-password': {
    status: 401,
    action: 'show',
    sentence: '工号或密码不对。忘记密码请向支部或系统管理员要新的激活码。',
  },
  'code-invalid': {
    status: 401,
    action: 'show',
    sentence: '激活码不对、已用过或已过期。请向支部或系统管理员要一个新的。',
  },
  'slow-down': { status: 429, action: 'retry', sentence: '试的次数多了，请稍等再试一次。' },
  'wrong-person': { status: 409, action: 'renew-device', sentence: '本机登记在别人名下，正在重新登记。' },
  'wrong-origin': {
    status: 403,
    action: 'show',
    sentence: '请求不是从本应用发出的，没有收下。请打开本应用再试一次。',
  },
  'protocol-unsupported': {
    status: 409,
    action: 'update-app',
    sentence: '应用与服务器的版本不一致，请更新应用。',
  },
  'mutation-gap': { status: 409, action: 'retry', sentence: '有一条还没有送达，正在重新排队。' },
  'device-forked': {
    status: 409,
    action: 'renew-device',
    sentence: '本机的内容像是从别处复制来的，正在重新登记。',
  },
  'device-revoked': {
    status: 401,
    action: 'sign-in',
    sentence: '本机已被停用，请重新登录。写下的内容都还在。',
  },
  'epoch-changed': { status: 409, action: 'renew-device', sentence: '服务器从备份恢复过，正在重新核对。' },
  overloaded: { status: 503, action: 'retry', sentence: '服务器正忙，请过一会儿再试一次。' },
  maintenance: { status: 503, action: 'retry', sentence: '服务器正在维护，请过一会儿再试一次。' },
  'not-found': { status: 404, action: 'show', sentence: '没有找到，可能已被撤回或移走。' },
  'range-invalid': { status: 416, action: 'show', sentence: '文件没有下载完整，请再下载一次。' },
  'hash-mismatch': { status: 422, action: 'retry', sentence: '文件在路上损坏了，将重新上传。' },
  frozen: {
    status: 409,
    action: 'show',
    sentence: '名单和已发出的版本在发出时已固定，不能改。不用签的人，请在“签阅情况”里记为免签。',
  },
  'secrecy-mark': {
    status: 422,
    action: 'show',
    sentence: '带有密级标志，没有收下。请核对；涉密文件一律走线下渠道，不得上传。',
  },
  'file-mislabelled': {
    status: 422,
    action: 'show',
    sentence: '文件的内容与类型不符，没有收下。请检查是否选错了文件。',
  },
  'file-refused': { status: 422, action: 'show', sentence: '文件没有收下。请换一个文件再试一次。' },
  forbidden: {
    status: 403,
    action: 'show',
    sentence: '你现在的职务不能做这件事。职务有误请告诉系统管理员；写下的内容都还在。',
  },
  internal: {
    status: 500,
    action: 'retry',
    sentence: '服务器出了点问题，请过一会儿再试一次；若仍不行，请告诉系统管理员。',
  },

  // outcomes of single mutations
  'unknown-type': {
    status: 422,
    action: 'update-app',
    sentence: '服务器的版本较旧，还不能收下这一条。你写的还在，等服务器更新后再送一次。',
  },
  'invalid-fields': {
    status: 422,
    action: 'show',
    sentence: '内容不符合要求，没有收下。你写的还在，请复制后重新填写。',
  },
  'scope-mismatch': {
    status: 422,
    action: 'show',
    sentence: '这一条不属于现在的单位，没有收下。你写的还在，请告诉系统管理员。',
  },
  'scope-changed': {
    status: 422,
    action: 'show',
    sentence: '这一条不属于现在的单位，没有收下。你写的还在，请告诉系统管理员。',
  },
  'id-conflict': {
    status: 409,
    action: 'show',
    sentence: '同一编号已有不同内容，没有收下。你写的还在，请告诉系统管理员。',
  },
  'stale-base': {
    status: 409,
    action: 'show',
    sentence: '别人已先改过，这一次没有收下。你写的还在，请对照后再送一次。',
  },
  'missing-parent': { status: 409, action: 'retry', sentence: '前一条还没有送达，稍后自动再送。' },
  'missing-file': { status: 409, action: 'retry', sentence: '附件还没有送达，稍后自动再送。' },
  'parent-refused': {
    status: 409,
    action: 'show',
    sentence: '前一条没有收下，这一条也没有收下。请先处理前一条，再送这一条。',
  },
  'hash-wrong': {
    status: 422,
    action: 'show',
    sentence: '内容与指纹不符，没有收下。你写的还在，请告诉系统管理员。',
  },
  'bad-signature': { status: 422, action: 'show', sentence: '设备签名核对不上，没有收下。请重新签字。' },
  'not-recipient': {
    status: 403,
    action: 'show',
    sentence: '你不在这份文件的传阅名单上，签字没有收下。如有出入，请告诉支部书记或党建科。',
  },
  'unknown-revision': {
    status: 422,
    action: 'show',
    sentence: '这份文件没有这个版本，签字没有收下。请打开文件看过再签。',
  },
  'circulation-recalled': {
    status: 409,
    action: 'show',
    sentence: '这份文件已撤回，不用再签，签字没有收下。你写的还在。',
  },
  'month-frozen': {
    status: 409,
    action: 'show',
    sentence: '这个月已定稿，没有收下。你写的还在；如需更正，请告诉党建科。',
  },
  'reason-required': {
    status: 422,
    action: 'show',
    sentence: '扣分没有写明理由，没有收下。请补上理由后再送。',
  },
  'not-confirmed': {
    status: 409,
    action: 'show',
    sentence: '文件还没有第二人确认非密，不能传阅。请先由第二人确认。',
  },
  'same-person': { status: 409, action: 'show', sentence: '确认人不能是声明非密的本人。请由第二人确认。' },
  erased: { status: 410, action: 'show', sentence: '这条记录已按规定删除。' },
  'already-recorded': { status: 409, action: 'show', sentence: '这件事已经记过，没有重复收下。' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** Codes that the outcome of a single mutation may carry; a subset by use, one table by design. */
export type RejectionCode = ErrorCode

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

export interface ErrorBody {
  error: { code: ErrorCode; message: string; field?: string }
}
