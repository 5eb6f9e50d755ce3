/** The English words of the columns of lists of runs. */
export const columnsTexts = {
  status: 'Status',
  workflow: 'Workflow',
  workspace: 'Workspace',
  id: 'Id',
  started: 'Started',
  ended: 'Ended',
  steps: 'Steps',
  duration: 'Duration',
  whatHappened: 'What happened',
} as const
