import { z } from 'zod'
import { boundedRecord } from './boundedRecord'
import { logLevels } from './diagnostics'
import { updateChoices } from './updates'

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00')

/** What a person may set in the window, each with its bounds. */
export const chosenSettings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  contrast: z.enum(['system', 'normal', 'high']),
  density: z.enum(['comfortable', 'compact']),
  zoomPercent: z.number().int().min(80).max(200),
  /** How long a run may be silent before it counts as orphaned. */
  staleAfterHours: z
    .number()
    .min(0.1)
    .max(24 * 365),
  /** How long what is cancelled or timed out may take to end by itself before it is killed. */
  graceSeconds: z.number().min(0).max(600),
  /** `disk`: a step goes on when its line is on the disk. `system`: when the system has it. */
  durability: z.enum(['disk', 'system']),
  /** How many steps of all runs may run at once on this machine; null: four times its processors. */
  maxParallelSteps: z.number().int().min(1).max(10_000).nullable(),
  /** Are rows that a workspace's disk refuses kept in the home meanwhile? */
  homeFallback: z.boolean(),
  /** So many days the trash and the backups of acts on writebacks are kept. */
  trashDays: z.number().int().min(1).max(3650),
  /** Is a person told when a watched run ends? */
  notifyRuns: z.boolean(),
  /** Is every run that is started or resumed here watched by itself? */
  watchOwnRuns: z.boolean(),
  /** Is a person told when a run fails in a way that no run failed before? */
  notifyFailures: z.boolean(),
  /** Is a person told when writebacks begin to need one? */
  notifyWritebacks: z.boolean(),
  /** Is a person told when a workspace's rows cannot be saved? */
  notifyUnsaved: z.boolean(),
  /** Does the desktop tell while no window is in front? */
  notifyDesktop: z.boolean(),
  /** Until then nothing but the list of notices tells; null: not paused. */
  notifyPausedUntil: z.iso.datetime({ offset: true }).nullable(),
  quietHours: z.object({
    on: z.boolean(),
    from: timeOfDay,
    to: timeOfDay,
    /** On which days of the week they begin: 0 is Sunday. */
    days: z.array(z.number().int().min(0).max(6)).max(7),
  }),
  showTray: z.boolean(),
  /** Does the dock or the taskbar show how many notices are unread? */
  showBadge: z.boolean(),
  /** Does Rundesk go on in the tray when its last window is closed? */
  keepRunning: z.boolean(),
  /** Keys that a person changed, by the name of what they do. */
  shortcuts: boundedRecord(z.string().min(1).max(20), { most: 200, keyLength: 40 }),
  /** Is every act refused? */
  readOnly: z.boolean(),
  /** What becomes of a newer Rundesk. */
  updates: z.enum(updateChoices),
  /** What Rundesk's own log keeps: this level and what is more important. */
  logLevel: z.enum(logLevels),
})

/** The settings as they are stored. */
export const settingsSchema = chosenSettings.extend({
  version: z.literal(1),
  /** The Node that runs the published runner; null looks for one on PATH. */
  nodePath: z.string().nullable(),
})
export type Settings = z.infer<typeof settingsSchema>
/** What a person may set without a dialog of the system. */
export type ChosenSettings = z.infer<typeof chosenSettings>
export type SettingName = keyof ChosenSettings

/** What is so until a person says otherwise. */
export const defaultSettings: Settings = {
  version: 1,
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  zoomPercent: 100,
  staleAfterHours: 24,
  graceSeconds: 5,
  durability: 'disk',
  maxParallelSteps: null,
  homeFallback: false,
  trashDays: 30,
  notifyRuns: true,
  watchOwnRuns: true,
  notifyFailures: true,
  notifyWritebacks: true,
  notifyUnsaved: true,
  notifyDesktop: true,
  notifyPausedUntil: null,
  quietHours: { on: false, from: '22:00', to: '07:00', days: [0, 1, 2, 3, 4, 5, 6] },
  showTray: true,
  showBadge: true,
  keepRunning: false,
  shortcuts: {},
  readOnly: false,
  updates: 'notify',
  logLevel: 'info',
  nodePath: null,
}

/** What is wrong with a document of Rundesk's own, in words, and whether it can still be changed. */
export const documentTroubleSchema = z.object({
  kind: z.enum(['damaged', 'kept', 'newer', 'unreadable']),
  path: z.string(),
  message: z.string(),
})
export type DocumentTrouble = z.infer<typeof documentTroubleSchema>

/** What a host can do for the attention of a person: null where it can, else why not. */
export const desktopSchema = z.object({
  notifications: z.string().nullable(),
  tray: z.string().nullable(),
  badge: z.string().nullable(),
  zoom: z.string().nullable(),
})
export type Desktop = z.infer<typeof desktopSchema>

/** What a browser page or a command line cannot do. */
export const noDesktop: Desktop = {
  notifications: 'A browser page shows them in the page only.',
  tray: 'Only the desktop app has a tray icon.',
  badge: 'Only the desktop app has a badge.',
  zoom: 'Use the zoom of your browser.',
}
