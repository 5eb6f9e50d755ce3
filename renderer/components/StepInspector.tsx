import { useState } from 'react'
import type { RunDetail, Step } from '../../shared/runs'
import { useClient } from '../state/client'
import type { Route } from '../state/route'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { AttemptList } from './AttemptList'
import { CopyLink } from './CopyLink'
import { ErrorText } from './ErrorText'
import { PayloadText } from './PayloadText'
import { StepChanges } from './StepChanges'
import styles from './StepInspector.module.css'
import { StoredLine } from './StoredLine'
import { Tabs } from './Tabs'

type Evidence = 'Output' | 'Error' | 'Attempts' | 'Changes' | 'Row'

/** So much of an output is fetched at first, and at most. */
const firstBytes = 4 * 1024
const mostBytes = 64 * 1024 * 1024

/** The evidence of one step, fetched when its tab is opened. */
export function StepInspector({
  run,
  step,
  nowMs,
  onRerun,
}: {
  readonly run: RunDetail
  readonly step: Step
  readonly nowMs: number
  /** Opens the preview of a re-run from a step; null where none is possible. */
  readonly onRerun: ((from: string) => void) | null
}) {
  const [tab, setTab] = useState<Evidence>(step.error ? 'Error' : 'Output')
  const tries = step.attempts.length
  return (
    <section className={styles.inspector} aria-label={runTexts.stepName(step.name)}>
      <Tabs
        label={runTexts.evidence}
        tabs={[
          { name: 'Output' },
          { name: 'Error' },
          { name: 'Attempts', note: tries > 1 ? String(tries) : '' },
          { name: 'Changes' },
          { name: 'Row' },
        ]}
        chosen={tab}
        onChoose={setTab}
        aside={
          <span className={styles.acts}>
            <CopyLink route={linkOf(run, step)} what={runTexts.theStep} />
            {onRerun && (
              <button type="button" className={controls.plain} onClick={() => onRerun(step.name)}>
                {runTexts.reRunFromHere}
              </button>
            )}
          </span>
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className={styles.panel} aria-label={runTexts.ofTabName(tab, step.name)} tabIndex={0}>
          {tab === 'Output' && <Output run={run} step={step} />}
          {tab === 'Error' &&
            (step.error === null ? (
              <p className={controls.secondary}>{runTexts.thisStepHasNoError}</p>
            ) : (
              <ErrorText text={step.error} />
            ))}
          {tab === 'Attempts' && <AttemptList run={run} step={step} nowMs={nowMs} />}
          {tab === 'Changes' && <StepChanges run={run} step={step} />}
          {tab === 'Row' && <StoredLine run={run} step={step} />}
        </section>
      </Tabs>
    </section>
  )
}

function linkOf({ workspaceId, id }: RunDetail, step: Step): Route {
  return { screen: 'runs', workspaceId, filter: 'all', search: '', runId: id, stepId: step.id }
}

function Output({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const client = useClient()
  const asked = { workspaceId: run.workspaceId, runId: run.id, stepId: step.id }
  const { value, failure } = useMirror(
    `output ${run.id} ${step.id} ${step.status} ${step.completedAt}`,
    (asker) => asker.request('runs:step', { ...asked, maxBytes: firstBytes }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>{runTexts.loadingDots}</p>
  const { output, outputBytes } = value.step
  if (output === null && value.outputCut) return <p>{runTexts.theOutputIsToo}</p>
  if (!output)
    return (
      <p className={controls.secondary}>
        {step.status === 'running' ? runTexts.noOutputYetTheLog : runTexts.thisStepLeftNoOutput}
      </p>
    )
  if (!value.outputCut) return <PayloadText label={runTexts.theOutput} text={output} />
  const fetchWhole = async (): Promise<string> =>
    (await client.request('runs:step', { ...asked, maxBytes: mostBytes })).step.output ?? ''
  return <PayloadText label={runTexts.theOutput} text={output} sizeBytes={outputBytes} fetchWhole={fetchWhole} />
}
