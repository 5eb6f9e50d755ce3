import { endProcesses } from './processGroups'

/**
 * Runs when the runner of one execution of a run died: everything that this execution started is ended, TERM, then KILL.
 * A later execution of the same run has another token and is left alone. Arguments: the execution's token, grace in ms,
 * the process groups that were there.
 */
const [execution = '', graceText = '5000', ...groups] = process.argv.slice(2)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
await endProcesses({
  mark: `RUNDESK_EXECUTION=${execution}`,
  groups: groups.map(Number),
  graceMs: Number(graceText),
})
