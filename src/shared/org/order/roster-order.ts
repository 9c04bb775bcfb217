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
  /** Their first characters. */
  compoundStarts: ReadonlySet<string>
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
  const compoundStarts = new Set([...compounds].map((surname) => [...surname][0] ?? ''))
  const anchors = rising(candidates, pinyin)
  tables = { strokes: readStrokes(), readings, compounds, compoundStarts, anchors, pinyin }
  return tables
}

/** The surname of a Chinese name: compound ones whole, otherwise the first character. */
export function surnameOf(name: string): string {
  const { compounds, compoundStarts } = tablesOnce()
  const trimmed = name.trim()
  const first = trimmed === '' ? '' : String.fromCodePoint(trimmed.codePointAt(0) ?? 0)
  if (!compoundStarts.has(first)) return first
  const characters = [...trimmed]
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

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const plain = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The place of each surname among those of the list: all of one surname stand together. */
function surnamePlaces(surnames: Iterable<string>, order: RosterOrder): Map<string, number> {
  const ranked = [...new Set(surnames)].map((surname) => {
    const strokes = [...surname].map((c) => strokePlace(c).rank)
    return { surname, ranks: order === 'pinyin' ? [pinyinPlace(surname).rank, ...strokes] : strokes }
  })
  ranked.sort((a, b) => compareRanks(a.ranks, b.ranks) || plain(a.surname, b.surname))
  return new Map(ranked.map(({ surname }, at) => [surname, at]))
}

/** Ranks as characters, so that a list of them is compared as one text. Unlike a rank a character ends at 0xFFFF. */
const asCharacter = (rank: number): string => String.fromCharCode(Math.min(rank + 1, 0xff_ff))

/** A new list in order. What a person is compared by is made once, not at each of the many comparisons. */
export function sortRoster<Person extends RosterPerson>(
  people: readonly Person[],
  order: RosterOrder,
): Person[] {
  const { pinyin } = tablesOnce()
  const named = people.map((person) => {
    const name = person.name.trim()
    return { person, name, surname: surnameOf(name) }
  })
  const places = surnamePlaces(
    named.map(({ surname }) => surname),
    order,
  )
  const keyed = named.map(({ person, name, surname }) => {
    const given = Array.from(name.slice(surname.length))
    const ranks = [places.get(surname) ?? 0, given.length]
    if (order !== 'pinyin') ranks.push(...given.map((c) => strokePlace(c).rank))
    const hand = order === 'hand' && person.handOrder > 0 ? person.handOrder : Number.MAX_SAFE_INTEGER
    return { person, name, hand, key: ranks.map(asCharacter).join('') }
  })
  keyed.sort(
    (a, b) =>
      a.hand - b.hand ||
      plain(a.key, b.key) ||
      (order === 'pinyin' ? pinyin.compare(a.name, b.name) : 0) ||
      plain(a.name, b.name) ||
      plain(a.person.personId, b.person.personId),
  )
  return keyed.map(({ person }) => person)
}

/** The initials of a sorted roster, each once, in its order. Empty in hand order. */
export function rosterInitials(sorted: readonly RosterPerson[], order: RosterOrder): string[] {
  if (order === 'hand') return []
  return [...new Set(sorted.map((person) => rosterInitial(person.name, order)))]
}
