import { endProcesses } from './processGroups'

/**
 * Stands beside one run as its own process. It learns the run's process groups over stdin; when stdin ends without
 * `bye`, the runner died, and everything this execution started is ended: TERM, then KILL. A later execution of the
 * same run has another token and is left alone. Arguments: the execution's token, grace in ms.
 */
const [execution = '', graceText = '5000'] = process.argv.slice(2)
const groups = new Set<number>()
let rest = ''
let goodbye = false

process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) take(line)
})
process.stdin.on('end', () => {
  if (goodbye) process.exit(0)
  void endProcesses({
    mark: `RUNDESK_EXECUTION=${execution}`,
    groups: [...groups],
    graceMs: Number(graceText),
  }).then(() => process.exit(0))
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

function take(line: string): void {
  const [word, value] = line.split(' ')
  if (word === 'bye') goodbye = true
  else if (word === 'group') groups.add(Number(value))
  else if (word === 'gone') groups.delete(Number(value))
}
