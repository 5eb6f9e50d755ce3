import { useEffect, useState } from 'react'
import { rerunnable, rerunnableInPlace } from '../../shared/rules/runActs'
import type { RunDetail, Step } from '../../shared/runs'
import { ActDialog } from '../components/ActDialog'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { RunGraph } from '../components/RunGraph'
import { RunHeader } from '../components/RunHeader'
import { StepInspector } from '../components/StepInspector'
import { Tabs } from '../components/Tabs'
import { Timeline } from '../components/Timeline'
import { isPlainKey } from '../state/keys'
import { navigate, type Route, type RunTab, runTabs } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import { useRunActs } from '../state/useRunActs'
import { HistoryScreen } from './HistoryScreen'
import { LogScreen } from './LogScreen'
import { RawScreen } from './RawScreen'
import { ResumeScreen } from './ResumeScreen'
import { RollbackScreen } from './RollbackScreen'
import styles from './RunScreen.module.css'
import { StateScreen } from './StateScreen'

type RunsRoute = Extract<Route, { screen: 'runs' }>

/** One run: what it is, what can be done about it, its steps, and the chosen step's evidence. */
export function RunScreen({
  route,
  runId,
  onClose,
}: {
  readonly route: RunsRoute
  readonly runId: string
  readonly onClose: () => void
}) {
  const { workspaceId } = route
  const found = useMirror(
    `run ${workspaceId} ${runId}`,
    async (client) => {
      const at =
        workspaceId ??
        (await client.request('runs:query', { workspaceId: null, filter: 'all', search: runId, offset: 0, limit: 1 }))
          .rows[0]?.workspaceId ??
        ''
      return (await client.request('runs:get', { workspaceId: at, runId })).run
    },
    ['runs:changed'],
  )
  if (found.value === null) {
    return (
      <section className={styles.run} aria-label="Run">
        {found.failure ? <LoadFailure failure={found.failure} onRetry={() => void found.refresh()} /> : <LoadingRows />}
      </section>
    )
  }
  return <LoadedRun run={found.value} route={route} onClose={onClose} />
}

function LoadedRun({
  run,
  route,
  onClose,
}: {
  readonly run: RunDetail
  readonly route: RunsRoute
  readonly onClose: () => void
}) {
  const nowMs = useNow(run.completedAt === null)
  /** The step from which the preview of a re-run starts; undefined while no preview is open. */
  const [rerunFrom, setRerunFrom] = useState<string | null | undefined>(undefined)
  const [rollingBack, setRollingBack] = useState(false)
  const acts = useRunActs(run, { onPreview: setRerunFrom })
  const tab = route.tab ?? 'Timeline'
  const step = chosenStep(run, route.stepId)
  const choose = (change: { readonly tab?: RunTab; readonly stepId?: string }): void =>
    navigate({ ...route, ...change }, { replace: true })
  const select = (stepId: string): void => choose({ stepId })
  const mayRerun = rerunnable(run).kind === 'allowed' || rerunnableInPlace(run).kind !== 'refused'
  const onRerun = mayRerun ? setRerunFrom : null
  useRerunKey(step, onRerun)
  const inspector = step && <StepInspector key={step.id} run={run} step={step} nowMs={nowMs} onRerun={onRerun} />

  return (
    <section className={styles.run} aria-label={`Run ${run.workflowName}`}>
      <RunHeader
        run={run}
        nowMs={nowMs}
        acts={acts}
        onRerun={onRerun && (() => onRerun(null))}
        onRollback={() => setRollingBack(true)}
        onClose={onClose}
      />
      <Tabs
        label="Views of the run"
        tabs={runTabs.map((name) => ({ name }))}
        chosen={tab}
        onChoose={(name) => choose({ tab: name })}
      >
        {tab === 'Timeline' && (
          <div className={styles.body}>
            <Timeline run={run} nowMs={nowMs} selected={step?.id ?? null} onSelect={select} />
            {inspector}
          </div>
        )}
        {tab === 'Graph' && (
          <div className={`${styles.body} ${styles.wide}`}>
            <RunGraph run={run} nowMs={nowMs} selected={step?.id ?? null} onSelect={select} />
            {inspector}
          </div>
        )}
        {tab === 'Log' && <LogScreen run={run} step={step} onSelect={select} />}
        {tab === 'State' && <StateScreen run={run} step={step} onSelect={select} />}
        {tab === 'Raw' && <RawScreen run={run} step={step} onSelect={select} />}
        {tab === 'History' && <HistoryScreen run={run} nowMs={nowMs} />}
      </Tabs>
      {acts.asking && <ActDialog act={acts.asking} run={run} onClose={acts.stopAsking} perform={acts.perform} />}
      {rollingBack && <RollbackScreen run={run} onClose={() => setRollingBack(false)} />}
      {rerunFrom !== undefined && <ResumeScreen run={run} from={rerunFrom} onClose={() => setRerunFrom(undefined)} />}
    </section>
  )
}

/** The chosen step, else the one that a person most likely looks for. */
function chosenStep({ steps }: RunDetail, stepId: string | undefined): Step | undefined {
  return (
    steps.find(({ id }) => id === stepId) ??
    steps.find(({ status }) => status === 'failed') ??
    steps.find(({ status }) => status === 'running') ??
    steps[0]
  )
}

/** Shift and r: the preview of a re-run from the chosen step. */
function useRerunKey(step: Step | undefined, onRerun: ((from: string | null) => void) | null): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'R' || !isPlainKey(event)) return
      onRerun?.(step?.name ?? null)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
