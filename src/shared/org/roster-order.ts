/**
 * The order of a roster: by strokes of the surname (姓氏笔画), by pinyin, or by hand.
 *
 * Guaranteed: the same people come in the same order on every phone and on the endpoint, whatever its collation data, for
 * surnames of our tables; people of one name keep one order (by id). Surnames outside the tables are placed by Intl.
 * Same stroke count: by the strokes themselves, 一 丨 丿 丶 乛 in turn. Same surname: shorter names first, then the next character.
 */
import { STROKES } from './roster-strokes.ts'
import { COMPOUND_SURNAMES, SURNAME_READINGS } from './surname-readings.ts'

export const ROSTER_ORDERS = ['strokes', 'pinyin', 'hand'] as const
export type RosterOrder = (typeof ROSTER_ORDERS)[number]
export const ROSTER_ORDER_WORDS = { strokes: '姓氏笔画', pinyin: '拼音', hand: '自定' } as const

export interface RosterPerson {
  personId: string
  name: string
  /** Place in the hand-made order; 0 = none given. */
  handOrder: number
}

interface Place {
  rank: number
  initial: string
}

interface Tables {
  strokes: ReadonlyMap<string, Place>
  /** By surname, single or compound. */
  readings: ReadonlyMap<string, Place>
  compounds: ReadonlySet<string>
  /** Characters in the order of their usual reading, to place an unknown one by Intl. */
  anchors: readonly { character: string; place: Place }[]
  pinyin: Intl.Collator
}

const UNKNOWN: Place = { rank: Number.MAX_SAFE_INTEGER, initial: '#' }
const SYLLABLE = /^([a-zü]+\d)/

function readStrokes(): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const [count, characters] of STROKES) {
    for (const character of characters) places.set(character, { rank: places.size, initial: `${count}画` })
  }
  return places
}

function readReadings() {
  const readings = new Map<string, Place>()
  const bySyllable = new Map<string, Place>()
  const candidates: Tables['anchors'][number][] = []
  for (const [rank, row] of SURNAME_READINGS.trim().split(/\s+/).entries()) {
    const syllable = SYLLABLE.exec(row)?.[0] ?? ''
    const place = { rank, initial: syllable.slice(0, 1).toUpperCase() }
    bySyllable.set(syllable, place)
    for (const surname of row.slice(syllable.length)) {
      readings.set(surname, place)
      candidates.push({ character: surname, place })
    }
  }
  const compounds = new Set<string>()
  for (const row of COMPOUND_SURNAMES.trim().split(/\s+/)) {
    const surname = row.replace(/^[a-zü\d]+/, '')
    readings.set(surname, bySyllable.get(SYLLABLE.exec(row)?.[0] ?? '') ?? UNKNOWN)
    compounds.add(surname)
  }
  return { readings, compounds, candidates }
}

/** Surnames whose usual reading differs (单 dān) would lead astray: only those that Intl puts between their neighbours stay. */
function rising(candidates: Tables['anchors'], pinyin: Intl.Collator): Tables['anchors'] {
  const anchors: Tables['anchors'][number][] = []
  for (const [at, candidate] of candidates.entries()) {
    const last = anchors.at(-1)
    const next = candidates[at + 1]
    const afterLast = last === undefined || pinyin.compare(last.character, candidate.character) < 0
    const beforeNext = next === undefined || pinyin.compare(candidate.character, next.character) < 0
    if (afterLast && beforeNext) anchors.push(candidate)
  }
  return anchors
}

let tables: Tables | undefined
/** Made at the first use: some milliseconds that a page without a roster does not pay. */
function tablesOnce(): Tables {
  if (tables !== undefined) return tables
  const pinyin = new Intl.Collator('zh-CN-u-co-pinyin')
  const { readings, compounds, candidates } = readReadings()
  tables = { strokes: readStrokes(), readings, compounds, anchors: rising(candidates, pinyin), pinyin }
  return tables
}

/** The surname of a Chinese name: compound ones whole, otherwise the first character. */
export function surnameOf(name: string): string {
  const { compounds } = tablesOnce()
  const characters = [...name.trim()]
  // 东方 alone is a name of 东, not a surname without a name.
  const compound = [4, 2].find((n) => characters.length > n && compounds.has(characters.slice(0, n).join('')))
  return characters.slice(0, compound ?? 1).join('')
}

const isLatin = (text: string) => /^[A-Za-z]/.test(text)

function pinyinPlace(surname: string): Place {
  const { readings, anchors, pinyin } = tablesOnce()
  const known = readings.get(surname)
  if (known !== undefined) return known
  if (isLatin(surname)) return { rank: -1, initial: surname.slice(0, 1).toUpperCase() }
  if (!/^\p{Script=Han}/u.test(surname)) return UNKNOWN
  const before = anchors.findLast((anchor) => pinyin.compare(anchor.character, surname) <= 0)
  return before === undefined ? UNKNOWN : { rank: before.place.rank + 0.5, initial: before.place.initial }
}

function strokePlace(character: string): Place {
  if (isLatin(character)) return { rank: -1, initial: character.slice(0, 1).toUpperCase() }
  return tablesOnce().strokes.get(character) ?? UNKNOWN
}

/** What the jump index says for a name: 'W', '4画', '#' when not known; '' in hand order. */
export function rosterInitial(name: string, order: RosterOrder): string {
  if (order === 'hand') return ''
  const surname = surnameOf(name)
  return order === 'pinyin' ? pinyinPlace(surname).initial : strokePlace([...surname][0] ?? '').initial
}

interface Key {
  /** Surname first, so that all of one surname stand together. */
  ranks: number[]
  surname: string
  givenLength: number
  given: number[]
  name: string
}

function keyOf(person: RosterPerson, order: RosterOrder): Key {
  const name = person.name.trim()
  const surname = surnameOf(name)
  const given = [...name].slice([...surname].length)
  const strokes = [...surname].map((c) => strokePlace(c).rank)
  const handRank = person.handOrder > 0 ? person.handOrder : Number.MAX_SAFE_INTEGER
  const first = order === 'pinyin' ? [pinyinPlace(surname).rank] : order === 'hand' ? [handRank] : []
  return {
    ranks: [...first, ...strokes],
    surname,
    givenLength: given.length,
    given: order === 'pinyin' ? [] : given.map((c) => strokePlace(c).rank),
    name,
  }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const plain = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A new list in order. */
export function sortRoster<Person extends RosterPerson>(
  people: readonly Person[],
  order: RosterOrder,
): Person[] {
  const { pinyin } = tablesOnce()
  const keyed = people.map((person) => ({ person, key: keyOf(person, order) }))
  keyed.sort(
    (a, b) =>
      compareRanks(a.key.ranks, b.key.ranks) ||
      plain(a.key.surname, b.key.surname) ||
      a.key.givenLength - b.key.givenLength ||
      compareRanks(a.key.given, b.key.given) ||
      (order === 'pinyin' ? pinyin.compare(a.key.name, b.key.name) : 0) ||
      plain(a.key.name, b.key.name) ||
      plain(a.person.personId, b.person.personId),
  )
  return keyed.map(({ person }) => person)
}

/** The initials of a sorted roster, each once, in its order. Empty in hand order. */
export function rosterInitials(sorted: readonly RosterPerson[], order: RosterOrder): string[] {
  if (order === 'hand') return []
  return [...new Set(sorted.map((person) => rosterInitial(person.name, order)))]
}
