import type { Run } from '../../shared/runs'
import { createBreath } from '../files/breath'
import { looseRunDetail } from '../runs/looseRuns'
import { toRun } from '../runs/runView'
import { isNode, type ListContext } from './runFacts'
import type { PlacedRun } from './runList'

/** Runs of a list as they are shown. The thread is given up every 6 ms. */
export async function showRuns(places: readonly PlacedRun[], context: ListContext): Promise<Run[]> {
  const rows: Run[] = []
  const breath = createBreath(1)
  for (const place of places) {
    rows.push(await showRun(place, context))
    await breath()
  }
  return rows
}

async function showRun({ session, run }: PlacedRun, context: ListContext): Promise<Run> {
  if (isNode(run)) {
    const { store } = session
    // Only a living owner of ours tells of a retry to come; to say so the run's steps are needed.
    const steps = store.owners.ownerOf(run.id)?.alive ? await store.stepsOf(run) : undefined
    return toRun(run, store.owners, {
      ...context,
      file: store.file,
      workspaceId: session.folder.id,
      unsavedIds: store.unsavedIds(),
      steps,
    })
  }
  const { state: _state, steps: _steps, history: _history, ...shown } = looseRunDetail(run, session.folder.id, [])
  return shown
}
