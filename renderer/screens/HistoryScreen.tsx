import type { RunDetail } from '../../shared/runs'
import { RunHistory } from '../components/RunHistory'
import { useMirror } from '../state/useMirror'

/** Who did what with a run, and its re-runs. */
export function HistoryScreen({ run, nowMs }: { readonly run: RunDetail; readonly nowMs: number }) {
  const { value } = useMirror(
    `reruns ${run.workspaceId} ${run.id}`,
    (client) => client.request('runs:reruns', { workspaceId: run.workspaceId, runId: run.id }),
    ['runs:changed'],
  )
  return <RunHistory run={run} reruns={value?.runs ?? []} nowMs={nowMs} />
}
