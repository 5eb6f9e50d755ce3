import { RundeskError } from '../../shared/outcome'
import { knownStatuses } from '../../shared/runs'
import { didYouMean } from '../runner/nearestName'
import type { Session } from './session'

/** Any tool may write any status: one that is neither known nor in any run is a mistake. Throws `usage` for it. */
export function checkStatus(sessions: readonly Session[], wanted: string): void {
  const known = new Set<string>(knownStatuses)
  for (const { store, loose } of sessions) {
    for (const { view } of store.runs()) known.add(view.status)
    for (const { status } of loose.list((id) => store.get(id) !== undefined)) known.add(status)
  }
  if (!known.has(wanted)) throw unknownName('status', wanted, known)
}

/** As `checkStatus`, for the name of a workflow. */
export function checkWorkflow(sessions: readonly Session[], wanted: string): void {
  const known = new Set<string>()
  for (const { store, loose } of sessions) {
    for (const { view } of store.runs()) known.add(view.workflowName)
    for (const { workflowName } of loose.list((id) => store.get(id) !== undefined)) known.add(workflowName)
  }
  if (!known.has(wanted)) throw unknownName('workflow', wanted, known)
}

const mostTold = 20

function unknownName(kind: 'status' | 'workflow', wanted: string, known: ReadonlySet<string>): RundeskError {
  const names = [...known].toSorted()
  const has = kind === 'status' ? 'has the status' : 'is of the workflow'
  const told =
    names.length === 0
      ? ''
      : ` Known are ${names.slice(0, mostTold).join(', ')}${names.length > mostTold ? ', …' : ''}.`
  return new RundeskError('usage', `No run ${has} ${JSON.stringify(wanted)}${didYouMean(wanted, names) || '.'}${told}`)
}
