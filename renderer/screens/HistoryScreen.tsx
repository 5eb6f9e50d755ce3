import type { RunDetail } from '../../shared/runs'
import { LoadFailure } from '../components/ListStates'
import { RunHistory } from '../components/RunHistory'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'

/** Who did what with a run, how it ended each time, and its re-runs. */
export function HistoryScreen({ run, nowMs }: { readonly run: RunDetail; readonly nowMs: number }) {
  const at = { workspaceId: run.workspaceId, runId: run.id }
  const history = useMirror(
    `history ${run.workspaceId} ${run.id} ${run.status} ${run.completedAt} ${run.history.length}`,
    (client) => client.request('runs:history', at),
    [],
  )
  const reruns = useMirror(`reruns ${run.workspaceId} ${run.id}`, (client) => client.request('runs:reruns', at), [
    'runs:changed',
  ])
  if (history.failure) return <LoadFailure failure={history.failure} onRetry={() => void history.refresh()} />
  if (!history.value) return <p className={controls.secondary}>{runTexts.loadingDots}</p>
  return <RunHistory run={run} events={history.value.events} reruns={reruns.value?.runs ?? []} nowMs={nowMs} />
}
