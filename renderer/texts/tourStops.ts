/** A stop of the demo's tour: what there is to see, and where. */
export interface TourStop {
  readonly title: string
  readonly text: string
  /** The address of its screen. */
  readonly hash: string
}

/** Three minutes through the demo, in order. Each stop stands for itself, so that one can begin anywhere. */
export const tourStops: readonly TourStop[] = [
  {
    title: 'What needs you',
    text: 'Failures, orphaned runs and undelivered writebacks of all workspaces. Every number and bar leads to its exact list.',
    hash: '#/w/all/overview',
  },
  {
    title: 'Runs, as they happen',
    text: 'Three runs go on right now. Press j and k to walk, Enter to open one, + Filter to narrow the list.',
    hash: '#/w/all/runs',
  },
  {
    title: 'Why it failed',
    text: 'Open a failed run: the timeline shows where it broke, the step its error. Resume goes on from there; what is completed stays.',
    hash: '#/w/all/runs?filter=failed',
  },
  {
    title: 'The same failure, counted',
    text: 'Choose Equal failures above the list: one line for each cause, with its runs behind it.',
    hash: '#/w/all/runs?filter=failed&group=failures',
  },
  {
    title: 'Writebacks that were refused',
    text: 'The practice server refuses two files. Look at what failed, edit a file, or retry: delivered is said when the server confirms it.',
    hash: '#/w/all/writebacks',
  },
  {
    title: 'Nothing is done in secret',
    text: 'Each act is written down before it is done, with who, when, why and what came of it, also after a crash.',
    hash: '#/w/all/writebacks/audit',
  },
  {
    title: 'Break something',
    text: 'Let the server drop answers, be slow or refuse, start a run that fails, and watch how Rundesk tells it.',
    hash: '#/demo',
  },
]
