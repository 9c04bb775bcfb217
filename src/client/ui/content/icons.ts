/** One family of line icons on a 24 grid, stroke 1.6, round ends. A shape is one path; the name is what it means here. */
export const iconPaths = {
  today: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2',
  study: 'M12 6.5C10 5 7 4.6 4 5v13c3-.4 6 0 8 1.5 2-1.5 5-1.9 8-1.5V5c-3-.4-6 0-8 1.5zM12 6.5v13',
  document: 'M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6',
  branch: 'M4 20V10l8-5 8 5v10M4 20h16M9 20v-6h6v6',
  me: 'M12 4.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 1 0 0-7.2zM4.5 20c1.2-4 4-5.5 7.5-5.5s6.3 1.5 7.5 5.5',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  chevron: 'M9.5 6l6 6-6 6',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13zM15.3 15.3L20 20',
  pen: 'M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM13.8 7.2l3 3',
  scan: 'M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5M7.5 12h9',
  undo: 'M8.5 5L4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11h-4',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  upload: 'M12 15.5v-11M7.5 9L12 4.5 16.5 9M5 20h14',
  offline: 'M4 4l16 16M8.3 7.6A6 6 0 0 1 17.3 10.5 3.9 3.9 0 0 1 19.5 17.3M16 18H7.5a4 4 0 0 1-1.2-7.8',
  warning: 'M12 4.5l8.5 15h-17zM12 10v4.5M12 17.2h.01',
  person: 'M12 4.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 1 0 0-7.2zM4.5 20c1.2-4 4-5.5 7.5-5.5s6.3 1.5 7.5 5.5',
  people:
    'M9 5.4a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 1 0 0-6.6zM2.5 19.5c1-3.6 3.4-5 6.5-5s5.5 1.4 6.5 5M15.5 5.8a3.3 3.3 0 0 1 0 5.9M18 15.2c1.8.8 2.9 2.2 3.5 4.3',
  calendar: 'M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8',
  book: 'M6 4h12.5v13H6.5A1.5 1.5 0 0 0 5 18.5v-13A1.5 1.5 0 0 1 6.5 4M5 18.5A1.5 1.5 0 0 0 6.5 20h12v-3M9 8h6',
  lesson: 'M4 5h16v11H4zM12 16v4M8 20h8M7.5 9h9M7.5 12h5',
  score: 'M5 20V10M10 20V4.5M15 20v-7.5M20 20H4M19.5 20V8',
  desk: 'M4 5h16v10.5H4zM9.5 20h5M12 15.5V20',
  print: 'M7.5 9V4h9v5M7.5 16.5H4.5V9h15v7.5h-3M7.5 14h9v6h-9z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  phone: 'M7.5 3.5h9v17h-9zM11 17.5h2',
  trash: 'M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5',
  sort: 'M8 5v14M4.5 15.5L8 19l3.5-3.5M16 19V5M12.5 8.5L16 5l3.5 3.5',
  type: 'M3.5 19l5.2-14 5.2 14M5.4 14.5h6.7M18 12.5a3.2 3.2 0 1 0 0 6.5 3.2 3.2 0 1 0 0-6.5zM21 12v7',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5zM4.5 16.5h15M10.5 19.5h3',
  settings: 'M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h8M16 17h4M14 15v4',
  share: 'M12 14V4M8.5 7.5L12 4l3.5 3.5M7 11H5v9h14v-9h-2',
  attach:
    'M18.5 11.5l-6.8 6.8a4.2 4.2 0 0 1-6-6l7.5-7.5a2.8 2.8 0 0 1 4 4l-7.2 7.2a1.4 1.4 0 0 1-2-2l6.3-6.3',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15',
  list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01',
} as const

export type IconName = keyof typeof iconPaths

export const iconNames = Object.keys(iconPaths) as IconName[]
