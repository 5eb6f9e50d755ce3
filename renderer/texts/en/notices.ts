import type { Part } from './part'

/** The English words of notices. */
export const noticesTexts = {
  notifications: 'Notifications',
  unread: 'Unread',
  unreadWord: 'Unread:',
  first: (ago: Part): string => `, first ${ago}`,
  mark: (which: Part, title: Part): string => `Mark ${which}: ${title}`,
  unreadWithin: 'unread',
  read: 'read',
  markUnread: 'Mark unread',
  markRead: 'Mark read',
  remove: (title: Part): string => `Remove: ${title}`,
  unreadUnread: (unread: Part): string => `Unread ${unread}`,
  rules: 'Rules…',
  markAllRead: 'Mark all read',
  clear: 'Clear…',
  nothingUnread: 'Nothing unread',
  nothingHappenedYet: 'Nothing happened yet',
  showAll: 'Show all',
  hereYouFindRuns:
    'Here you find runs that you watch and that ended, failures that are new, writebacks that need you, and rows that cannot be saved. Watch a run with its Watch button. What you hear of is in the',
  settings: 'settings',
  clearNotices: (notices: Part): string => `Clear ${notices}?`,
  unreadNotification: 'unread notification',
  notification: 'notification',
  theyAreGoneForGood: 'They are gone for good. What they tell of is not touched.',
  clearWord: 'Clear',
} as const
