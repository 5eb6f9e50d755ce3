import type {
  BulkStage,
  DeliveryWay,
  ItemOutcome,
  Operation,
  OperationAct,
  OperationState,
} from '../../shared/operations'
import type { StatusWord } from './words'

/** What the acts are called, as titles. */
export const actWords: Readonly<Record<OperationAct, string>> = {
  retry: 'Retry',
  dismiss: 'Dismissal',
  restore: 'Restoration',
  edit: 'Edit and retry',
}

/** The ways of delivery. */
export const wayWords: Readonly<Record<DeliveryWay, string>> = {
  're-arm': 'By the mount',
  direct: 'By Rundesk',
  replay: 'Again by server',
}

const stateWords: Readonly<Record<Exclude<OperationState, 'ended'>, StatusWord>> = {
  running: { word: 'Running', shape: 'dot', tone: 'running' },
  paused: { word: 'Paused', shape: 'pause', tone: 'waiting' },
  interrupted: { word: 'Interrupted', shape: 'question', tone: 'orphaned' },
  following: { word: 'Awaits confirmation', shape: 'ring', tone: 'running' },
}

/** The look of an operation's state; one that has ended is done only when everything came to what was wanted. */
export function operationWord({ state, counts, total }: Pick<Operation, 'state' | 'counts' | 'total'>): StatusWord {
  if (state !== 'ended') return stateWords[state]
  if (counts.delivered + counts.dismissed + counts.restored === total)
    return { word: 'Done', shape: 'check', tone: 'completed' }
  return { word: 'Ended', shape: 'slash', tone: counts.failed > 0 ? 'failed' : 'cancelled' }
}

/** The look of what became of an item. */
export const outcomeMarks: Readonly<Record<ItemOutcome | 'none', StatusWord>> = {
  delivered: { word: 'Delivered', shape: 'check', tone: 'completed' },
  sent: { word: 'Sent, not confirmed', shape: 'ring', tone: 'running' },
  failed: { word: 'Failed', shape: 'cross', tone: 'failed' },
  changed: { word: 'Changed since', shape: 'question', tone: 'waiting' },
  refused: { word: 'Refused', shape: 'slash', tone: 'cancelled' },
  skipped: { word: 'Skipped', shape: 'dash', tone: 'cancelled' },
  dismissed: { word: 'Dismissed', shape: 'check', tone: 'cancelled' },
  restored: { word: 'Restored', shape: 'check', tone: 'completed' },
  none: { word: 'Not begun', shape: 'ring', tone: 'cancelled' },
}

const stageWords: Readonly<Record<BulkStage, string>> = {
  'canary-1': 'trying the first one',
  'canary-10': 'trying ten more',
  rest: 'the rest',
}

/** Where an operation is, in words; null when it goes no further by itself. */
export function stageWord({ stage, plan }: Pick<Operation, 'stage' | 'plan'>): string | null {
  return stage === null || !plan?.canary ? null : stageWords[stage]
}
