import { useState } from 'react'
import type { RunDetail, Step } from '../../shared/runs'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { AttemptList } from './AttemptList'
import styles from './StepInspector.module.css'
import { Tabs } from './Tabs'

type Evidence = 'Output' | 'Error' | 'Attempts'

const shownBytes = 256 * 1024

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
    <section className={styles.inspector} aria-label={`Step ${step.name}`}>
      <Tabs
        label="Evidence"
        tabs={[{ name: 'Output' }, { name: 'Error' }, { name: 'Attempts', note: tries > 1 ? String(tries) : '' }]}
        chosen={tab}
        onChoose={setTab}
        aside={
          onRerun && (
            <>
              <span className={controls.spread} />
              <button type="button" className={controls.plain} onClick={() => onRerun(step.name)}>
                Re-run from here…
              </button>
            </>
          )
        }
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className={styles.panel} aria-label={`${tab} of ${step.name}`} tabIndex={0}>
          {tab === 'Output' && <Output run={run} step={step} />}
          {tab === 'Error' && <pre className={controls.code}>{step.error ?? 'This step has no error.'}</pre>}
          {tab === 'Attempts' && <AttemptList run={run} step={step} nowMs={nowMs} />}
        </section>
      </Tabs>
    </section>
  )
}

function Output({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const { value, failure } = useMirror(
    `output ${run.id} ${step.id} ${step.status} ${step.completedAt}`,
    (client) =>
      client.request('runs:step', {
        workspaceId: run.workspaceId,
        runId: run.id,
        stepId: step.id,
        maxBytes: shownBytes,
      }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>Loading…</p>
  if (value.step.output === null && value.outputCut) return <p>The output is too large to be shown here.</p>
  if (!value.step.output)
    return (
      <p className={controls.secondary}>
        {step.status === 'running' ? 'No output yet. The log shows it as it comes.' : 'This step left no output.'}
      </p>
    )
  return (
    <>
      {value.outputCut && <p className={controls.secondary}>Only the first 256 KiB are shown.</p>}
      <pre className={controls.code}>{value.step.output}</pre>
    </>
  )
}
