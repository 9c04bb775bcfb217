/**
 * Who has signed already. The first branch is told by hand, so that each state of a recipient can be seen; other branches sign by
 * chance, more of them the longer a document is out. Nobody here has a device key: these were typed at a browser without one; the
 * endpoint has countersigned each.
 */
import * as v from 'valibot'
import { circulationId, type Circulation } from '../../../../shared/circulation/circulation.ts'
import {
  COUNTERSIGNATURE,
  countersignatureId,
  countersignatureStatement,
  unsignedCountersignature,
} from '../../../../shared/circulation/signing/countersignature.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import { signOff, type SignOff } from '../../../../shared/circulation/signing/sign-off.ts'
import { ENDPOINT_AUTHOR } from '../../../auth/countersign-key.ts'
import { STAFF } from '../../accounts.ts'
import { demoId, HOUR_MS, MINUTE_MS, personIdOf, type DemoContext } from '../../context.ts'
import { FIRST_BRANCH_ID } from '../../people/units.ts'
import { createChance, type Chance } from '../../random.ts'

interface Round {
  key: string
  documentId: string
  unitIds: readonly string[]
  from: number
  until: number
}

/** In the first branch, by document and revision: staff numbers that signed themselves. */
const FIRST_BRANCH_SIGNED: Readonly<Record<string, string>> = {
  'duty 1': '1001 1002 1003 1006 1008 1010 1013 1017 1020',
  'study 1': '1001 1004 1012',
  'visits 1': '1001 1002 1003 1004 1005 1006 1007 1008 1010 1011 1012 1013 1014 1015 1016 1018 1020 1021',
  'numbers 1': '1001 1002 1005 1006 1007 1009 1011 1015 1016 1019',
  'numbers 2': '1001 1007 1015',
  'drill 1': '1001 1002 1004 1006 1007 1012',
  'drill 2': '1001 1004 1012',
  'parking 1': '1001 1003 1005 1009 1016',
  'dress 1':
    '1001 1002 1003 1004 1005 1006 1007 1008 1009 1010 1011 1012 1013 1014 1015 1016 1017 1018 1019 1020 1021 1022',
}
const OPINIONS: Readonly<Record<string, string>> = {
  'duty 1 1002': '周五下午的机动岗建议再加一人。',
  'visits 1 1012': '回访表能否附一份大字版？有几位老人看不清小字。',
}
/** Signed on the paper sheet, entered by the secretary. */
/** 1018 had signed on the phone too: the two differ, and an officer has to settle which one counts. */
const ON_PAPER: Readonly<Record<string, string>> = { 'visits 1': '1018 1019' }
const EXCUSED: Readonly<Record<string, { staffNo: string; reason: string }>> = {
  'visits 1': { staffNo: '1022', reason: '病假住院，出院后补阅' },
  'drill 1': { staffNo: '1022', reason: '病假住院，出院后补阅' },
}
/** Named by the secretary; the first has signed for the person, the other has not yet. */
const SUBSTITUTES: Readonly<Record<string, readonly Substitution[]>> = {
  'drill 1': [
    { staffNo: '1013', by: '1009', reason: '驻外学习两周，委托代签', hasSigned: true },
    { staffNo: '1020', by: '1005', reason: '连上夜班，委托代签', hasSigned: false },
  ],
}
interface Substitution {
  staffNo: string
  by: string
  reason: string
  hasSigned: boolean
}

/** Share of the other branches' recipients that have signed. */
const SHARES: Readonly<Record<string, number>> = {
  'duty 1': 0.55,
  'study 1': 0.2,
  'visits 1': 0.93,
  'numbers 1': 0.5,
  'numbers 2': 0.3,
  'drill 1': 0.4,
  'drill 2': 0.25,
  'parking 1': 0.3,
  'dress 1': 1,
}

export async function fillSignOffs(context: DemoContext, round: Round): Promise<void> {
  for (const unitId of round.unitIds) {
    const id = circulationId(round.documentId, unitId)
    const stored = await context.tx.record('circulation', id)
    if (stored === undefined) continue
    const circulation = JSON.parse(stored.fields) as Circulation
    const { revision } = currentRevision(circulation)
    const name = `${round.key} ${revision}`
    const chance = createChance(seedOf(id) + revision)
    if (unitId === FIRST_BRANCH_ID) await signFirstBranch(context, round, id, circulation, name, chance)
    else
      for (const { personId } of circulation.recipients)
        if (chance.happens(SHARES[name] ?? 0)) await sign(context, round, id, circulation, personId, chance)
  }
}

/** As it is stored, with every default: the receipt is over all of it. */
const parsedSignOff = (fields: object): SignOff => v.parse(signOff.schema, fields)

const seedOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16)

async function signFirstBranch(
  context: DemoContext,
  round: Round,
  id: string,
  circulation: Circulation,
  name: string,
  chance: Chance,
): Promise<void> {
  for (const staffNo of FIRST_BRANCH_SIGNED[name]?.split(' ') ?? []) {
    const opinion = OPINIONS[`${name} ${staffNo}`] ?? ''
    await sign(context, round, id, circulation, personIdOf(staffNo), chance, { opinion })
  }
  const secretary = personIdOf(STAFF.secretary)
  for (const staffNo of ON_PAPER[name]?.split(' ') ?? [])
    await sign(context, round, id, circulation, personIdOf(staffNo), chance, { paperBy: secretary })
  const excused = EXCUSED[name]
  if (excused !== undefined) await change(context, round, id, circulation, { ...excused, change: 'excuse' })
  for (const { staffNo, by, reason, hasSigned } of SUBSTITUTES[name] ?? []) {
    const substituteId = personIdOf(by)
    const substituteName = nameIn(circulation, substituteId)
    const named = { staffNo, reason, change: 'substitute', substituteId, substituteName }
    const changeId = await change(context, round, id, circulation, named)
    if (hasSigned)
      await sign(context, round, id, circulation, personIdOf(staffNo), chance, {
        substitute: { signedBy: substituteId, changeId },
      })
  }
}

const nameIn = ({ recipients }: Circulation, personId: string): string =>
  recipients.find((r) => r.personId === personId)?.name ?? ''

async function change(
  context: DemoContext,
  round: Round,
  id: string,
  circulation: Circulation,
  { staffNo, ...what }: { staffNo: string; reason: string; change: string; substituteId?: string },
): Promise<string> {
  const personId = personIdOf(staffNo)
  const changeId = demoId(what.change, id, personId)
  const fields = {
    unitId: circulation.unitId,
    circulationId: id,
    personId,
    name: nameIn(circulation, personId),
    substituteId: null,
    supersedes: [],
    ...what,
  }
  const secretary = personIdOf(STAFF.secretary)
  await context.put('recipient-change', changeId, fields, secretary, round.from + HOUR_MS)
  return changeId
}

interface ByOther {
  opinion?: string
  paperBy?: string
  substitute?: { signedBy: string; changeId: string }
}

async function sign(
  context: DemoContext,
  { from, until }: Round,
  id: string,
  circulation: Circulation,
  personId: string,
  chance: Chance,
  { opinion = '', paperBy, substitute }: ByOther = {},
): Promise<void> {
  const current = currentRevision(circulation)
  const { revision } = current
  const signedBy = substitute?.signedBy ?? paperBy ?? personId
  const mode = substitute !== undefined ? 'substitute' : paperBy !== undefined ? 'paper' : 'in-person'
  // A substitute signs after being named.
  const earliest = substitute === undefined ? from : Math.min(from + 2 * HOUR_MS, until - 2 * MINUTE_MS)
  const signedAt = Math.floor(earliest + (until - earliest - MINUTE_MS) * chance.next())
  const fields = {
    unitId: circulation.unitId,
    circulationId: id,
    documentId: circulation.documentId,
    documentNo: circulation.documentNo,
    personId,
    signedBy,
    revision,
    sha256: signedSha256(current),
    mode,
    signature: mode === 'paper' ? { kind: 'paper' } : { kind: 'typed', name: nameIn(circulation, signedBy) },
    opinion,
    changeId: substitute?.changeId ?? null,
    signedAt,
    keyId: null,
    deviceSignature: null,
    supersedes: [],
  }
  // The first demo had one of each person; a paper beside it needs a name of its own.
  const beside = mode === 'paper' ? ['paper'] : []
  const signOffId = demoId('sign-off', id, String(revision), personId, ...beside)
  await context.put('sign-off', signOffId, fields, signedBy, signedAt)
  const receipt = unsignedCountersignature(signOffId, parsedSignOff(fields), {
    receivedAt: signedAt,
    keyId: context.key.keyId,
  })
  const signature = await context.key.sign(countersignatureStatement(receipt))
  await context.put(
    COUNTERSIGNATURE,
    countersignatureId(signOffId),
    { ...receipt, signature },
    ENDPOINT_AUTHOR,
    signedAt,
  )
}
