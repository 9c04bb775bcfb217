/** Small valid records for tests of the client. */
export const opinionFields = (text: string, personId = 'li') => ({ personId, text })
export const opinionScope = (personId = 'li') => `file:root:${personId}`

export const noteFields = (text: string, personId = 'li') => ({
  personId,
  bookId: 'book',
  chapterId: 'chapter',
  paragraph: 3,
  quote: '',
  text,
})
export const privateOf = (personId = 'li') => `private:${personId}`

export const meetingFields = (title: string) => ({
  unitId: 'branch',
  kindId: 'kind',
  title,
  date: '2026-11-02',
  sittings: [
    {
      id: 'sitting',
      name: '早班',
      startsAt: 18e11,
      place: '',
    },
  ],
})
export const meetingScope = 'unit:branch'

export const unitFields = (name: string) => ({
  kind: 'branch' as const,
  name,
  parentId: null,
  order: 0,
  endedOn: null,
})

export const rollMarkFields = (meetingId: string, personId = 'wang') => ({
  unitId: 'branch',
  meetingId,
  sittingId: 'sitting',
  personId,
  name: '王',
  state: 'present' as const,
  method: 'tap' as const,
  markedBy: 'li',
})
