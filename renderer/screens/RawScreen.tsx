import type { RunDetail, Step } from '../../shared/runs'
import { StepChoice } from '../components/StepChoice'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import styles from './RunScreen.module.css'

/** The newest stored line of the chosen step, or of the run, as it stands in the file. */
export function RawScreen({
  run,
  step,
  onSelect,
}: {
  readonly run: RunDetail
  readonly step: Step | undefined
  readonly onSelect: (stepId: string) => void
}) {
  const runLine = useRawLine(run, null)
  return (
    <>
      <div className={controls.bar}>
        <StepChoice run={run} chosen={step} onSelect={onSelect} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.evidence} aria-label="Stored lines" tabIndex={0}>
        {step && <StepLine key={step.id} run={run} step={step} />}
        <h2>Line of the run</h2>
        <RawLine line={runLine} path={run.source.path} />
      </section>
    </>
  )
}

function StepLine({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const line = useRawLine(run, step)
  return (
    <>
      <h2>Line of the step {step.name}</h2>
      <RawLine line={line} path={run.source.path} />
    </>
  )
}

function useRawLine(run: RunDetail, step: Step | null) {
  const newest = step ? `${step.id} ${step.status} ${step.attempts.length}` : `run ${run.status} ${run.updatedAt}`
  return useMirror(
    `raw ${run.id} ${newest}`,
    (client) => client.request('runs:raw', { workspaceId: run.workspaceId, runId: run.id, stepId: step?.id ?? null }),
    [],
  )
}

function RawLine({ line, path }: { readonly line: ReturnType<typeof useRawLine>; readonly path: string }) {
  const { value, failure } = line
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>Loading…</p>
  return (
    <>
      <p className={controls.secondary}>
        {value.line === null ? 'Not written yet' : `Line ${value.line} of ${path}`}
        {value.cut && ', cut for display'}
      </p>
      <pre className={controls.code}>{pretty(value.text)}</pre>
    </>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
