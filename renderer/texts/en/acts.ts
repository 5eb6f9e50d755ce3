import type { Part } from './part'

/** The English words of what was done, or refused. */
export const actsTexts = {
  theConnectionWasLost: 'The connection to Rundesk was lost. Try again when it is back.',
  theAnswerWasLost:
    'The connection to Rundesk was lost before it answered. Look at what became of it when the connection is back.',
  line: 'line',
  lines: 'lines',
  copied: (count: Part, of: Part, lines: Part): string => `Copied ${count}${of} ${lines}.`,
  copiedWhat: (what: Part): string => `Copied ${what}.`,
  theSystemDidNotLet: (what: Part): string => `The system did not let ${what} be copied.`,
  holdsTheFirstOnly: (name: Part): string => `${name} holds the first 100,000 only.`,
  linesThatAreTheSame: (hidden: Part): string => `${hidden} lines that are the same`,
  restored: (restored: Part): string => `Restored ${restored}.`,
  writeback: 'writeback',
  dismissed: (done: Part, which: Part): string => `Dismissed ${done}${which}`,
  wereNot: (rest: Part, detail: Part): string => `; ${rest} were not: ${detail}`,
  undo: 'Undo',
  show: 'Show',
  runsFound: (total: Part): string => `Runs, ${total} found`,
  writebacksFound: (total: Part): string => `Writebacks, ${total} found`,
  trajectoriesFound: (total: Part): string => `Trajectories, ${total} found`,
  workflows: 'Workflows',
  start: (file: Part): string => `Start ${file}…`,
  resumedItGoesOnFromItsLast: (workflowName: Part): string =>
    `Resumed ${workflowName}. It goes on from its last finished step.`,
  cancelled: (workflowName: Part): string => `Cancelled ${workflowName}.`,
  markedAsFailed: (workflowName: Part): string => `Marked ${workflowName} as failed.`,
  noOtherRunIsCancelled: 'No other run is cancelled.',
  theSettingHasItsDefault: 'The setting has its default again.',
  theSettingsHaveTheir: 'The settings have their defaults again.',
  all: (count: Part, which: Part): string => `All ${count}${which}`,
} as const
