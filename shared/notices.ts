import { z } from 'zod'

/** Of what a person is told. */
export const noticeKinds = ['run-ended', 'new-failure', 'writebacks', 'unsaved', 'update'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What happened, once or more often. */
export const noticeSchema = z.object({
  id: z.string().max(64),
  /** What has the same key is the same, and is counted while nobody has read it. */
  key: z.string().max(400),
  kind: z.enum(noticeKinds),
  workspaceId: z.string().max(64),
  workspaceName: z.string().max(500),
  /** The workflow, one of the writebacks, or the newer version. */
  subject: z.string().max(1000).nullable(),
  /** The newest run that it tells of. */
  runId: z.string().max(1024).nullable(),
  /** What the run became. */
  outcome: z.string().max(64).nullable(),
  /** What went wrong. */
  message: z.string().max(1000).nullable(),
  /** The key of the group of equal failures. */
  cause: z.string().max(64).nullable().default(null),
  count: z.number().int().min(1),
  firstAt: z.string().max(40),
  at: z.string().max(40),
  read: z.boolean(),
})
export type Notice = z.infer<typeof noticeSchema>
/** A notice as it comes: it happened `count` times at once. */
export type Happening = Omit<Notice, 'id' | 'firstAt' | 'at' | 'read'>

/** A run whose end a person wants to hear of. */
export const watchedRunSchema = z.object({
  workspaceId: z.string().max(64),
  runId: z.string().max(1024),
  /** A person chose it; else it is watched because it was started here. */
  byHand: z.boolean(),
})
export type WatchedRun = z.infer<typeof watchedRunSchema>

export const noticePageSchema = z.object({
  notices: z.array(noticeSchema),
  total: z.number().int(),
  unread: z.number().int(),
  /** What is wrong with the file in which they are kept; null when nothing is. */
  trouble: z.string().nullable(),
})

/** Where the tray leads. */
export const windowPlaces = [
  'running',
  'needs-you',
  'undelivered',
  'notices',
  'notification-settings',
  'updates',
  'diagnostics',
] as const
export type WindowPlace = (typeof windowPlaces)[number]
