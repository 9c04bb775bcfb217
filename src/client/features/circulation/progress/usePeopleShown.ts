/** Who of a circulation is shown to its officer: by state, by name, and apart those who can hardly sign. */
import { computed, type Ref } from 'vue'
import { isFound, textsOf, wordsToFind } from '../../../../shared/circulation/finding.ts'
import { canHardlySign, isChosen, type FollowUpLine } from '../follow-up/follow-up-lines.ts'
import { useKeptSearch } from '../list/kept-search.ts'
import type { ProgressLine } from './read-progress.ts'
import { FILTERS } from './useProgress.ts'

export function usePeopleShown(
  id: string,
  lines: () => readonly ProgressLine[],
  followed: Readonly<Ref<ReadonlyMap<string, FollowUpLine>>>,
) {
  const search = useKeptSearch(`progress/${id}`, {
    words: '',
    filter: 'open' as string | null,
    /** Of those who have not signed. */
    which: 'all' as string | null,
  })
  const shown = computed(() => {
    const { words, filter, which } = search.value
    const wanted = wordsToFind(words)
    const states = FILTERS.find((f) => f.value === filter)?.states ?? []
    return lines().filter(({ state, name, personId }) => {
      if (!states.includes(state) || !isFound(wanted, textsOf([name]))) return false
      const line = followed.value.get(personId)
      return filter !== 'open' || line === undefined || isChosen(line, which)
    })
  })
  const isHardly = ({ personId }: ProgressLine): boolean => {
    const line = followed.value.get(personId)
    return search.value.filter === 'open' && line !== undefined && canHardlySign(line)
  }
  /** Empty ones are left out. */
  const groups = computed(() =>
    [
      { heading: '', lines: shown.value.filter((line) => !isHardly(line)) },
      { heading: '不便签阅', lines: shown.value.filter(isHardly) },
    ].filter((group) => group.lines.length > 0),
  )
  return { search, shown, groups }
}
