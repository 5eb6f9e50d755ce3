import { type Channel, contract } from '../contract'

const readingVerbs: ReadonlySet<string> = new Set([
  'compare',
  'export',
  'failures',
  'find',
  'get',
  'glance',
  'history',
  'info',
  'list',
  'log',
  'logLines',
  'logSearch',
  'plan',
  'planRollback',
  'query',
  'raw',
  'reruns',
  'server',
  'slowSteps',
  'step',
  'stepState',
  'timeline',
  'watched',
  'workflows',
])

/** Does this channel only tell, so that a question whose answer was lost may be asked again without a person? */
export function mayBeAskedAgain(channel: string): boolean {
  if (!Object.hasOwn(contract, channel) || 'acts' in contract[channel as Channel]) return false
  return readingVerbs.has(channel.slice(channel.indexOf(':') + 1))
}
