import { RundeskError } from '../../shared/outcome'
import type { RunGlances } from '../../shared/runList'
import { createBreath } from '../files/breath'
import { startedMsOf, workflowNameOf } from './runFacts'
import type { RunList } from './runList'

/** What never changes of the runs of a list between two places. Throws `not_found` where the list was forgotten. */
export async function glanceAt(list: RunList | undefined, from: number, to: number): Promise<RunGlances> {
  if (!list) throw new RundeskError('not_found', 'This order of the list is no longer known. Ask for the list again.')
  const names = new Map<string, number>()
  const rows: number[] = []
  const breath = createBreath()
  for (let index = from; index < Math.min(to, list.total); index++) {
    const pause = breath()
    if (pause) await pause
    const run = list.at(index)?.run
    const name = run ? workflowNameOf(run) : ''
    const number = names.get(name) ?? names.size
    if (number === names.size) names.set(name, number)
    rows.push(number, run ? startedMsOf(run) : 0)
  }
  return { names: [...names.keys()], rows }
}
