import { endRunProcesses } from './processGroups'

/**
 * Stands beside one run as its own process. It learns the run's process groups over stdin; when stdin ends without
 * `bye`, the runner died, and everything the run started is ended: TERM, then KILL. Arguments: run id, grace in ms.
 */
const [runId = '', graceText = '5000'] = process.argv.slice(2)
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
  void endRunProcesses({ runId, groups: [...groups], graceMs: Number(graceText) }).then(() => process.exit(0))
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

function take(line: string): void {
  const [word, value] = line.split(' ')
  if (word === 'bye') goodbye = true
  else if (word === 'group') groups.add(Number(value))
  else if (word === 'gone') groups.delete(Number(value))
}
