// @vitest-environment happy-dom
/** 核对文件: whatever file is chosen, it is said in a sentence what holds in it, with no network. */
import 'fake-indexeddb/auto'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import VerifyPage from '../../../../src/client/features/verify/VerifyPage.vue'
import { sealStatement } from '../../../../src/shared/bundle/filed.ts'
import { PURPOSE, type Bundle, type SealedBundle } from '../../../../src/shared/circulation/bundle/bundle.ts'
import { sheetOf } from '../../../../src/shared/circulation/sheet.ts'
import {
  countersignatureStatement,
  unsignedCountersignature,
} from '../../../../src/shared/circulation/signing/countersignature.ts'
import type { MeetingBundle, SealedMeeting } from '../../../../src/shared/meetings/bundle/bundle.ts'
import { endpointKeyId } from '../../../../src/shared/org/endpoint-key.ts'
import { makeDeviceKey } from '../../../server/attack.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from '../circulation/fixtures.ts'

const SHA = 'a'.repeat(64)
const circulation = stored('c1', 'unit:b1', circulationFields([revisionOf(1, SHA)]))
const signed = stored('s2', 'file:b1:p2', { ...signOffFields('p2', 1, SHA), opinion: '按此办理' })
const filed = <Fields>(id: string, fields: Fields) => ({
  id,
  author: 'x',
  observedAt: NOW,
  receivedAt: NOW,
  fields,
})
let parts: ReturnType<typeof setupPhone>
beforeEach(() => {
  parts = setupPhone()
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

it('says in its bar where one is, and has its act under the thumb', async () => {
  const { wrapper } = await mountAt(VerifyPage, '/circulation-check', '/circulation-check', parts)
  expect(wrapper.find('.nav .title').text()).toBe('传阅与会议')
  expect(wrapper.find('h1').text()).toBe('核对文件')
  expect(wrapper.find('.foot').text()).toBe('选择文件')
  wrapper.unmount()
})

async function check(text: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const { wrapper } = await mountAt(VerifyPage, '/circulation-check', '/circulation-check', parts)
  const input = wrapper.find<HTMLInputElement>('input[type=file]')
  Object.defineProperty(input.element, 'files', {
    value: [new File([text], '核对.json')],
    configurable: true,
  })
  await input.trigger('change')
  await until(() => wrapper.find('.result').text() !== '')
  const told = wrapper.text()
  wrapper.unmount()
  return told
}
const trust = ({ endpointKeys: [key] }: SealedBundle | SealedMeeting) =>
  parts.db.records('endpoint-key').put(stored(key!.id, 'org', key!.fields))

describe('a circulation', () => {
  async function sealed(): Promise<SealedBundle> {
    const key = await makeDeviceKey()
    const keyId = endpointKeyId(key.publicKey)
    const receipt = unsignedCountersignature('s2', signed.fields, { receivedAt: NOW, keyId })
    const signature = await key.sign(countersignatureStatement(receipt))
    const bundle: Bundle = {
      purpose: PURPOSE,
      version: 1,
      exportedAt: NOW,
      exportedBy: { personId: 'p1', name: '陈思远' },
      unit: { id: 'b1', name: '第一支部' },
      circulation: filed('c1', circulation.fields),
      changes: [],
      signOffs: [filed('s2', signed.fields)],
      countersignatures: [filed('receipt', { ...receipt, signature })],
      deviceKeys: [],
      endpointKeys: [filed(keyId, { publicKey: key.publicKey, madeAt: NOW })],
    }
    return { ...bundle, seal: { keyId, signature: await key.sign(sealStatement(bundle)) } }
  }
  it('says what holds, and whose seal it is, with no network', async () => {
    const bundle = await sealed()
    const stranger = await check(JSON.stringify(bundle))
    expect(stranger).toContain('共 1 个签字，全部成立')
    expect(stranger).toContain('没有密钥')
    await trust(bundle)
    const own = await check(JSON.stringify(bundle))
    expect(own).toContain('封签成立')
    expect(own).toContain(sheetOf(bundle).code)
  })

  it('says which sign-off was altered', async () => {
    const bundle = await sealed()
    bundle.signOffs[0]!.fields.opinion = '不同意'
    const told = await check(JSON.stringify(bundle))
    expect(told).toContain('共 1 个签字，0 个成立，1 个不成立')
    expect(told).toContain('封签不成立')
    expect(told).toContain('内容与送达回执不符')
    expect(told).toContain('不能证明签字齐全')
  })

  const archive = async (part: Record<string, string> = {}) =>
    zipSync({
      'x/第一支部 核对文件.json': new TextEncoder().encode(JSON.stringify(await sealed())),
      ...Object.fromEntries(
        Object.entries(part).map(([path, text]) => [path, new TextEncoder().encode(text)]),
      ),
    })

  it('checks the archive of a year, circulation by circulation', async () => {
    const told = await check(await archive({ 'x/第二支部 核对文件.json': '{"half":' }))
    expect(told).toContain('共 2 次传阅，1 次成立，1 次有问题')
    expect(told).toContain('没有清单')
    expect(told).toContain('没有下载完整')
    const swapped = await check(await archive({ 'x/原件/第1版 正文 通知.md': '另一份' }))
    expect(swapped).toContain('与签字的文件指纹不符')
  })

  it('says in a sentence what a damaged archive is, or one that unpacks to more than it says', async () => {
    const whole = await archive()
    expect(await check(whole.slice(0, whole.length - 9))).toContain('不完整，或者已损坏')
    const liar = Buffer.from(zipSync({ 'x/甲 核对文件.json': new Uint8Array(1024 * 1024) }))
    for (const at of [22, liar.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24]) liar.writeUInt32LE(10, at)
    expect(await check(new Uint8Array(liar))).toContain('损坏，读不出来')
    expect(await check(zipSync({ 'a.txt': new Uint8Array(3) }))).toContain('没有传阅核对文件')
  })
})

describe('a meeting', () => {
  const RULE = { comparator: '>', part: [1, 2], base: 'voters', article: '第十一条', toBeChecked: true }
  const mark = (personId: string, state: string) =>
    filed(`mark-${personId}`, {
      unitId: 'b1',
      meetingId: 'mt',
      sittingId: 'st1',
      personId,
      name: personId,
      state,
      method: 'tap',
      markedBy: 'p1',
    })
  async function sealed(): Promise<SealedMeeting> {
    const key = await makeDeviceKey()
    const keyId = endpointKeyId(key.publicKey)
    const line = (personId: string, name: string) => ({
      personId,
      name,
      memberKind: 'full' as const,
      votingRight: true,
      handOrder: 0,
    })
    const bundle = {
      purpose: 'window-hall/meeting',
      version: 1,
      exportedAt: NOW,
      exportedBy: { personId: 'p1', name: '陈思远' },
      unit: { id: 'b1', name: '第一支部' },
      meeting: filed('mt', {
        unitId: 'b1',
        kindId: 'general',
        title: '11 月支部党员大会',
        date: '2026-11-23',
        sittings: [{ id: 'st1', name: '全体', startsAt: NOW, place: '三楼会议室' }],
      }),
      kind: null,
      roster: [line('p1', '陈思远'), line('p2', '王丽'), line('p3', '赵敏')],
      names: [],
      marks: [mark('p1', 'present'), mark('p2', 'present'), mark('p3', 'absent')],
      resolutions: [
        filed('vote', {
          unitId: 'b1',
          meetingId: 'mt',
          sittingId: 'st1',
          motion: '同意转正',
          secret: true,
          inFavour: 2,
          against: 0,
          abstained: 0,
          expected: 3,
          present: 2,
          votersExpected: 3,
          votersPresent: 2,
          quorum: { ...RULE, comparator: '>=' },
          passing: RULE,
          recordedBy: 'p1',
          recordedAt: NOW,
        }),
      ],
      minutes: [],
      corrections: [],
      deviceKeys: [],
      endpointKeys: [filed(keyId, { publicKey: key.publicKey, madeAt: NOW })],
    } as unknown as MeetingBundle
    return { ...bundle, seal: { keyId, signature: await key.sign(sealStatement(bundle)) } }
  }

  it('says that roll and vote hold, and whose seal it is', async () => {
    const bundle = await sealed()
    const stranger = await check(JSON.stringify(bundle))
    expect(stranger).toContain('会议记录成立')
    expect(stranger).toContain('没有密钥')
    await trust(bundle)
    const told = await check(JSON.stringify(bundle))
    for (const words of [
      '封签成立',
      '第一支部 · 11 月支部党员大会 · 2026-11-23',
      '应到 3，实到 2，请假 0，缺席 1',
      '表决 · 同意转正',
      '赞成 2',
    ])
      expect(told).toContain(words)
    expect(told).not.toContain('不成立')
  })

  it('names the files of the minutes, to be compared with one at hand', async () => {
    const files = [{ sha256: SHA, name: '决定.pdf', mime: 'application/pdf', sizeBytes: 2048 }]
    const fields = { unitId: 'b1', meetingId: 'mt', title: '大会', stage: 'fixed', body: '议定。', files }
    const bundle = { ...(await sealed()), version: 3, minutes: [filed('m', fields)] }
    const told = await check(JSON.stringify(bundle))
    expect(told).toContain('决定.pdf')
    expect(told).toContain('附件 · 2 KB · 指纹前八位 aaaa aaaa')
    expect(told).toContain('核对手里的文件')
    // Nobody has sealed it since the minutes were put in.
    expect(told).toContain('封签不成立')
    expect(told).toContain('这份名单不能作准')
  })

  it('says that an altered one was altered', async () => {
    const bundle = await sealed()
    await trust(bundle)
    bundle.marks[2]!.fields.state = 'present'
    const told = await check(JSON.stringify(bundle))
    expect(told).toContain('有不成立的地方')
    expect(told).toContain('封签不成立：文件在导出后被改过')
    expect(told).toContain('实到 3')
    // Roll and vote have nothing else to vouch for them.
    expect(told.match(/封签不成立，没有别的凭据/g)).toHaveLength(2)
    expect(told).not.toMatch(/(?<!不|哪些)成立/)
  })

  it('says which vote cannot be, whoever sealed it', async () => {
    const bundle = await sealed()
    bundle.resolutions[0]!.fields.inFavour = 9
    const told = await check(JSON.stringify(bundle))
    expect(told).toContain('票数比到会有表决权的人多')
  })

  it('says where a file cannot be read, and what a newer app made', async () => {
    const bundle = await sealed()
    const broken = { ...bundle, marks: [{ ...bundle.marks[0]!, fields: { state: 'present' } }] }
    expect(await check(JSON.stringify(broken))).toContain('有一处读不懂，可能被改过')
    expect(await check(JSON.stringify({ ...bundle, version: 4 }))).toContain('请先更新应用再核对')
  })
})

describe('another file', () => {
  it.each([
    ['of another program', '{"a":1}'],
    ['without any content', ''],
    ['cut in the middle', '{"purpose":"window-hall/meeting","version":1,"mee'],
    ['of no text at all', new Uint8Array([0xff, 0xd8, 0xff, 0xe0])],
    ['of a single value', 'null'],
  ])('%s: what to choose is said', async (_, content) => {
    const told = await check(content)
    expect(told).toContain('没有核对')
    expect(told).toContain('不是核对文件，或者没有下载完整。请选从传阅单、会议记录里导出的核对文件')
  })
  it('too large for one', async () => {
    expect(await check(new Uint8Array(64 * 1024 * 1024 + 1))).toContain('超过 64 MB')
  })
})
