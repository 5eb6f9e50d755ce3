import { useEffect, useState } from 'react'
import type { SourceRunDetail } from '../../../shared/sourceRuns'
import type { Source } from '../../../shared/sources'
import { EmptyMessage, LoadFailure, LoadingRows } from '../../components/ListStates'
import { SourceActDialog } from '../../components/sources/SourceActDialog'
import { SourceFacts } from '../../components/sources/SourceFacts'
import { SourcePayload } from '../../components/sources/SourcePayload'
import { SourceRunHeader } from '../../components/sources/SourceRunHeader'
import { SourceStepInspector } from '../../components/sources/SourceStepInspector'
import { SourceSteps } from '../../components/sources/SourceSteps'
import { Tabs } from '../../components/Tabs'
import { navigate } from '../../state/route'
import { type SourceRoute, withoutRun } from '../../state/sourceRoute'
import { useMirror } from '../../state/useMirror'
import { useSourceActs } from '../../state/useSourceActs'
import { type SourceStepList, useSourceSteps } from '../../state/useSourceSteps'
import { useAsker, useSourceWatch } from '../../state/useSourceWatch'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import runStyles from '../RunScreen.module.css'
import styles from './SourceScreen.module.css'

const parts = { Input: 'input', Output: 'output', Error: 'error' } as const
const views = ['Steps', 'Input', 'Output', 'Error', 'Facts'] as const
type View = (typeof views)[number]

/** One remote run: what it is, what can be done about it, its steps, and what they left. */
export function SourceRunScreen({
  source,
  route,
  runId,
}: {
  readonly source: Source
  readonly route: SourceRoute
  readonly runId: string
}) {
  const asker = useAsker()
  const close = (): void => navigate(withoutRun(route))
  const found = useMirror(
    JSON.stringify(['remote run', source.id, runId]),
    (client) => client.request('sources:run', { sourceId: source.id, runId, asker }),
    ['sources:runsChanged'],
  )
  useSourceWatch(source.id, asker, { kind: 'run', runId })
  const steps = useSourceSteps(source.id, asker, runId)
  const run = found.value?.run
  return (
    <section className={styles.run} aria-label={run ? sourcesTexts.runName(run.workflowName) : sourcesTexts.run}>
      {run ? (
        <LoadedRun source={source} run={run} steps={steps} route={route} onClose={close} />
      ) : run === null || steps.page?.isGone ? (
        <EmptyMessage title={sourcesTexts.theRunIsGone}>
          <p>{sourcesTexts.theRunIsGoneText(runId)}</p>
          <button type="button" className={controls.button} onClick={close}>
            {sourcesTexts.closeRun}
          </button>
        </EmptyMessage>
      ) : found.failure ? (
        <LoadFailure failure={found.failure} onRetry={() => void found.refresh()} />
      ) : (
        <LoadingRows />
      )}
    </section>
  )
}

function LoadedRun({
  source,
  run,
  steps,
  route,
  onClose,
}: {
  readonly source: Source
  readonly run: SourceRunDetail
  readonly steps: SourceStepList
  readonly route: SourceRoute
  readonly onClose: () => void
}) {
  const [view, setView] = useState<View>('Steps')
  const acts = useSourceActs(run)
  const { index, choose } = useChosenStep(steps, route)
  const step = steps.rowAt(index)
  const known = Array.from({ length: steps.count }, (_, at) => steps.rowAt(at)).filter((one) => one !== undefined)
  return (
    <>
      <SourceRunHeader run={run} acts={acts} onClose={onClose} />
      <Tabs label={sourcesTexts.viewsOfTheRun} tabs={views.map((name) => ({ name }))} chosen={view} onChoose={setView}>
        {view === 'Steps' && (
          <div className={runStyles.body}>
            <SourceSteps run={run} list={steps} index={index} onSelect={choose} />
            {step && <SourceStepInspector key={step.id} run={run} step={step} acts={acts} />}
          </div>
        )}
        {(view === 'Input' || view === 'Output' || view === 'Error') && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          <section className={runStyles.evidence} aria-label={view} tabIndex={0}>
            <SourcePayload
              {...{ sourceId: source.id, runId: run.id, stepId: null, part: parts[view], version: run.version }}
            />
          </section>
        )}
        {view === 'Facts' && <SourceFacts run={run} source={source} />}
      </Tabs>
      {acts.asking && <SourceActDialog run={run} steps={known} asked={acts.asking} onClose={acts.stopAsking} />}
    </>
  )
}

/** The step that the address names, else the one that failed, else the first. */
function useChosenStep(
  steps: SourceStepList,
  route: SourceRoute,
): { readonly index: number; readonly choose: (index: number) => void } {
  const [index, setIndex] = useState<number | null>(null)
  const isRead = steps.page !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is decided once, by the first steps that come
  useEffect(() => {
    if (!isRead || index !== null) return
    const all = Array.from({ length: steps.count }, (_, at) => at)
    const named = all.find((at) => steps.rowAt(at)?.id === route.stepId)
    const failed = all.findLast((at) => steps.rowAt(at)?.phase === 'failed')
    if (steps.count > 0) setIndex(named ?? failed ?? 0)
  }, [isRead, steps.count])
  return {
    index: index ?? -1,
    choose: (at) => {
      setIndex(at)
      const id = steps.rowAt(at)?.id
      if (id !== undefined) navigate({ ...route, stepId: id }, { replace: true })
    },
  }
}
