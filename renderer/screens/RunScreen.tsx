import { useEffect, useRef, useState } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { rerunnable, rerunnableInPlace } from '../../shared/rules/runActs'
import type { RunDetail, Step } from '../../shared/runs'
import { ActDialog } from '../components/ActDialog'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { RunGraph } from '../components/RunGraph'
import { RunHeader } from '../components/RunHeader'
import { StepInspector } from '../components/StepInspector'
import { Tabs } from '../components/Tabs'
import { Timeline } from '../components/timeline/Timeline'
import { focusList, focusView } from '../state/focus'
import { isPlainKey } from '../state/keys'
import { navigate, type Route, type RunTab, runTabs } from '../state/route'
import { useLogAhead } from '../state/useLogAhead'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import { useRunActs } from '../state/useRunActs'
import { runTexts } from '../texts/en/run'
import { countsSeconds } from '../texts/runTimes'
import { HistoryScreen } from './HistoryScreen'
import { LogScreen } from './LogScreen'
import { RawScreen } from './RawScreen'
import { ResumeScreen } from './ResumeScreen'
import { RollbackScreen } from './RollbackScreen'
import styles from './RunScreen.module.css'
import { StateScreen } from './StateScreen'

/** Of a run with more steps only the notable ones are held; the timeline fetches what it shows. */
const mostSteps = 1_000
/** How long until what is being read is asked for again, in ms. */
const againMs = 250

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
      return client.request('runs:get', { workspaceId: at, runId, mostSteps })
    },
    ['runs:changed'],
  )
  const reading = found.value?.stepsTold === 'reading'
  useAgain(reading ? found : null)
  if (found.value === null) {
    return (
      <section className={styles.run} aria-label={runTexts.run}>
        {found.failure ? <LoadFailure failure={found.failure} onRetry={() => void found.refresh()} /> : <LoadingRows />}
      </section>
    )
  }
  return <LoadedRun run={found.value.run} route={route} onClose={onClose} />
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
  const nowMs = useNow(countsSeconds(run))
  /** The step from which the preview of a re-run starts; undefined while no preview is open. */
  const [rerunFrom, setRerunFrom] = useState<string | null | undefined>(undefined)
  const [rollingBack, setRollingBack] = useState(false)
  const acts = useRunActs(run, { onPreview: setRerunFrom })
  const tab = route.tab ?? 'Timeline'
  const step = useChosenStep(run, route.stepId)
  useLogAhead(run, step)
  const choose = (change: { readonly tab?: RunTab; readonly stepId?: string }): void =>
    navigate({ ...route, ...change }, { replace: true })
  const select = (stepId: string): void => choose({ stepId })
  const mayRerun = rerunnable(run).kind === 'allowed' || rerunnableInPlace(run).kind !== 'refused'
  const onRerun = mayRerun ? setRerunFrom : null
  useRerunKey(step, onRerun)
  useLogKey(() => choose({ tab: tab === 'Log' ? 'Timeline' : 'Log' }))
  const inspector = step && <StepInspector key={step.id} run={run} step={step} nowMs={nowMs} onRerun={onRerun} />

  return (
    <section className={styles.run} aria-label={runTexts.runWorkflowName(run.workflowName)}>
      <RunHeader
        run={run}
        nowMs={nowMs}
        acts={acts}
        onRerun={onRerun && (() => onRerun(null))}
        onRollback={() => setRollingBack(true)}
        onClose={() => {
          onClose()
          focusList()
        }}
      />
      <Tabs
        label={runTexts.viewsOfTheRun}
        tabs={runTabs.map((name) => ({ name }))}
        chosen={tab}
        onChoose={(name) => choose({ tab: name })}
      >
        {tab === 'Timeline' && (
          <div className={styles.body}>
            <Timeline key={run.id} run={run} nowMs={nowMs} selected={step?.id ?? null} onSelect={select} />
            {inspector}
          </div>
        )}
        {tab === 'Graph' && (
          <div className={`${styles.body} ${styles.wide}`}>
            <RunGraph
              run={run}
              nowMs={nowMs}
              selected={step?.id ?? null}
              onSelect={select}
              onTimeline={() => choose({ tab: 'Timeline' })}
            />
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

/** The chosen step, also where it is not among those that are held, else the one that a person most likely looks for. */
function useChosenStep(run: RunDetail, stepId: string | undefined): Step | undefined {
  const { steps, workspaceId, id: runId } = run
  const told = steps.find(({ id }) => id === stepId)
  const wanted = told === undefined && steps.length < run.stepCounts.total ? stepId : undefined
  const { value } = useMirror(
    `step ${workspaceId} ${runId} ${wanted}`,
    async (client) => {
      if (wanted === undefined) return null
      return (await client.request('runs:step', { workspaceId, runId, stepId: wanted, maxBytes: 0 })).step
    },
    ['runs:changed'],
  )
  if (told) return told
  if (wanted !== undefined) return value?.id === wanted ? value : undefined
  return steps.find(({ status }) => status === 'failed') ?? steps.find(({ status }) => status === 'running') ?? steps[0]
}

/** Asks again in a moment. */
function useAgain(asked: { readonly value: unknown; readonly refresh: () => Promise<void> } | null): void {
  const value = asked?.value
  const refresh = useRef(asked?.refresh)
  refresh.current = asked?.refresh
  useEffect(() => {
    if (value === undefined) return
    const timer = setTimeout(() => void refresh.current?.(), againMs)
    return () => clearTimeout(timer)
  }, [value])
}

/** Shift and r: the preview of a re-run from the chosen step. */
function useRerunKey(step: Step | undefined, onRerun: ((from: string | null) => void) | null): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'rerun') || !isPlainKey(event)) return
      onRerun?.(step?.name ?? null)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}

/** `l`: the log, and back. The focus goes along, so that arrows and Page Down scroll. */
function useLogKey(toggle: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'log') || !isPlainKey(event)) return
      event.preventDefault()
      toggle()
      requestAnimationFrame(focusView) // What is toggled to is drawn by then.
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
