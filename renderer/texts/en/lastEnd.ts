import type { Part } from './part'

/** The English words about a process of Rundesk that did not close by itself. */
export const lastEndTexts = {
  title: 'Rundesk did not close by itself',
  window: (version: Part, startedAt: Part): string => `The Rundesk ${version} that was started on ${startedAt}`,
  browser: (version: Part, startedAt: Part): string =>
    `The Rundesk ${version} that was served to a browser from ${startedAt} on`,
  unknown: (it: Part): string => `${it} crashed, was killed, or the machine went down.`,
  error: (it: Part): string => `${it} ended because of an error that it had not foreseen:`,
  endedAtOnce: (it: Part): string =>
    `${it} was interrupted twice, and ended at once without waiting for the runs that it had cancelled.`,
  whatWasLost: 'What was lost',
  nothing: 'Nothing: no run of it was cut off, and all that it had told as saved is on the disk.',
  cutOff: (runs: Part): string =>
    `${runs} cut off. The steps that were running have been ended, and what they changed in the state is dropped. Resume to go on behind the last finished step:`,
  runWas: 'run was',
  runsWere: 'runs were',
  unsaved: (rows: Part): string =>
    `${rows} not saved, because the disk refused them. Those that could be kept in your home folder are taken in now, the others are gone.`,
  rowWas: 'row was',
  rowsWere: 'rows were',
  whatWasNot: 'What was not lost',
  goesOn: 'Executed by the published runner, which goes on without Rundesk:',
  finished: 'Finished steps with their outputs, logs and state, and every run that other programs execute.',
  operations: 'Acts on writebacks: one that was cut off waits under Writebacks and sends nothing twice.',
  close: 'Close',
} as const
