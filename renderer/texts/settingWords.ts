import type { SettingName } from '../../shared/settings'
import type { SettingsSection } from '../state/route'

/** The sections as they are headed. */
export const sectionWords: Readonly<Record<SettingsSection, string>> = {
  workspaces: 'Workspaces',
  runs: 'Runs',
  storage: 'Storage',
  notifications: 'Notifications',
  look: 'Look',
  shortcuts: 'Shortcuts',
  'read-only': 'Read-only',
  updates: 'Updates',
  diagnostics: 'Diagnostics',
}

/** What a setting is called, and what it does in one line. */
export const settingWords = {
  staleAfterHours: [
    'Stale limit, in hours',
    'A silent run whose process nobody knows counts as orphaned after this time.',
  ],
  graceSeconds: [
    'Grace period, in seconds',
    'What is cancelled or timed out may take so long to end by itself; then it is killed. Runs that go on keep theirs.',
  ],
  durability: [
    'Durability of steps',
    'Safest: a step goes on when its line is on the disk. Faster: a power cut may take the newest lines; a crash of Rundesk takes none.',
  ],
  maxParallelSteps: ['At most so many steps of all runs at once', 'On this machine. Empty: four times its processors.'],
  homeFallback: [
    'Keep rows that a workspace cannot save in my home folder',
    'Until its disk takes them again. Without it they are kept in memory.',
  ],
  trashDays: [
    'Days that trash and backups are kept',
    'Dismissed writebacks, and copies of files that an act changed. Looked at every hour.',
  ],
  notifyRuns: ['A watched run ended', 'Watch a run with its button or with the key for it.'],
  watchOwnRuns: [
    'Watch every run that I start or resume here',
    'You hear when it ends. Turned off, only runs that you watch yourself.',
  ],
  notifyFailures: [
    'A run failed in a new way',
    'Once for each workflow and error that no run of the workspace failed with before.',
  ],
  notifyWritebacks: ['Writebacks begin to need me', 'Stuck, refused or in conflict. Ignored causes stay quiet.'],
  notifyUnsaved: ['Rows of a workspace cannot be saved', 'The disk is full, gone or read-only.'],
  notifyDesktop: ['Tell me on the desktop', 'Only while no window of Rundesk is in front.'],
  notifyPausedUntil: ['Pause', 'Nothing pops up until then. The list of notices still fills.'],
  quietHours: ['Quiet hours', 'Nothing pops up in them. The list of notices still fills.'],
  showTray: ['Show an icon in the tray', 'With what runs, what needs you and what is undelivered.'],
  showBadge: ['Show how many are unread in the dock or taskbar', 'On the icon of Rundesk.'],
  keepRunning: [
    'Keep running in the tray when the last window is closed',
    'Runs go on and notices come. Quit from the tray.',
  ],
  theme: ['Theme', 'Light, dark, or as the system has it.'],
  contrast: ['Contrast', 'High contrast makes text, lines and marks stand out more.'],
  density: ['Density', 'How high the rows of lists are.'],
  zoomPercent: ['Zoom, in per cent', 'Of everything in the window. Ctrl + and Ctrl − change it as well.'],
  shortcuts: ['Keys', 'Press Change, then the new key. Esc leaves it as it is.'],
  readOnly: [
    'Read-only',
    'Rundesk watches and shows, and refuses every act, also of its command line. Runs that it executes go on.',
  ],
  updates: [
    'Newer versions of Rundesk',
    'Off asks no server. Otherwise one is asked a minute after the start and every six hours, and is told nothing of you.',
  ],
  logLevel: [
    'How much the log keeps',
    'Rundesk notes in files of its own what it did and what went wrong. They hold no tokens and no contents of files, and stay on this machine.',
  ],
} as const satisfies Readonly<Record<SettingName, readonly [string, string]>>
