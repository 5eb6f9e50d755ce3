import { useState } from 'react'
import type { RunDetail, Step } from '../../shared/runs'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { ago, duration, fullTime } from '../texts/times'
import { statusWord } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './StepInspector.module.css'

const tabs = ['Output', 'Error', 'Attempts', 'Log', 'Raw', 'State', 'History'] as const
type Tab = (typeof tabs)[number]

const shownBytes = 256 * 1024

/** The evidence of one step, fetched when its tab is opened. */
export function StepInspector({
  run,
  step,
  nowMs,
}: {
  readonly run: RunDetail
  readonly step: Step
  readonly nowMs: number
}) {
  const [tab, setTab] = useState<Tab>(step.error ? 'Error' : 'Output')
  return (
    <section className={styles.inspector} aria-label={`Step ${step.name}`}>
      <div role="tablist" aria-label="Evidence" className={styles.tabs}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            className={styles.tab}
            onClick={() => setTab(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={tab} className={styles.panel}>
        {tab === 'Output' && <Output run={run} step={step} />}
        {tab === 'Error' && <pre className={controls.code}>{step.error ?? 'This step has no error.'}</pre>}
        {tab === 'Attempts' && <Attempts step={step} nowMs={nowMs} />}
        {tab === 'Log' && <Log run={run} step={step} />}
        {tab === 'Raw' && <Raw run={run} step={step} />}
        {tab === 'State' && <pre className={controls.code}>{JSON.stringify(run.state, null, 2)}</pre>}
        {tab === 'History' && <History run={run} nowMs={nowMs} />}
      </div>
    </section>
  )
}

interface Place {
  readonly run: RunDetail
  readonly step: Step
}

function Output({ run, step }: Place) {
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

function Attempts({ step, nowMs }: { readonly step: Step; readonly nowMs: number }) {
  if (step.attempts.length === 0) return <p className={controls.secondary}>It was not tried yet.</p>
  return (
    <ol className={styles.attempts}>
      {step.attempts.map((attempt) => (
        <li key={attempt.number}>
          <StatusMark status={statusWord(attempt.status)} />{' '}
          <span className={controls.secondary} title={fullTime(attempt.startedAt)}>
            started {ago(attempt.startedAt, nowMs)}
            {attempt.completedAt &&
              attempt.startedAt &&
              `, took ${duration(Date.parse(attempt.completedAt) - Date.parse(attempt.startedAt))}`}
          </span>
          {attempt.error && <pre className={controls.code}>{attempt.error}</pre>}
        </li>
      ))}
    </ol>
  )
}

function Log({ run, step }: Place) {
  const { value, failure } = useMirror(
    `log ${run.id} ${step.id} ${step.attempts.length}`,
    async (client) => {
      const ask = (offset: number) =>
        client.request('runs:log', {
          workspaceId: run.workspaceId,
          runId: run.id,
          stepName: step.name,
          attempt: null,
          offset,
          maxBytes: shownBytes,
        })
      const page = await ask(0)
      return page.sizeBytes > shownBytes
        ? { ...(await ask(page.sizeBytes - shownBytes)), cut: true }
        : { ...page, cut: false }
    },
    step.status === 'running' ? ['runs:changed', 'workspaces:changed'] : [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>Loading…</p>
  if (!value.found)
    return <p className={controls.secondary}>There is no log. Logs are kept for the steps that Rundesk itself ran.</p>
  return (
    <>
      {value.cut && <p className={controls.secondary}>Only the last 256 KiB are shown.</p>}
      <pre className={controls.code}>{value.text || '(empty so far)'}</pre>
    </>
  )
}

function Raw({ run, step }: Place) {
  const { value, failure } = useMirror(
    `raw ${run.id} ${step.id} ${step.status} ${step.attempts.length}`,
    (client) => client.request('runs:raw', { workspaceId: run.workspaceId, runId: run.id, stepId: step.id }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>Loading…</p>
  return (
    <>
      <p className={controls.secondary}>
        {value.line === null ? 'Not written yet' : `Line ${value.line} of ${run.source.path}`}
        {value.cut && ', cut for display'}
      </p>
      <pre className={controls.code}>{pretty(value.text)}</pre>
    </>
  )
}

function History({ run, nowMs }: { readonly run: RunDetail; readonly nowMs: number }) {
  if (run.history.length === 0) return <p className={controls.secondary}>No act of Rundesk is recorded for this run.</p>
  return (
    <ol className={styles.attempts}>
      {run.history.map((entry) => (
        <li key={`${entry.at} ${entry.act}`}>
          <strong>{entry.act}</strong> by {entry.by}{' '}
          <span className={controls.secondary} title={fullTime(entry.at)}>
            {ago(entry.at, nowMs)}
          </span>
          {entry.reason && <div>{entry.reason}</div>}
          {entry.previousError && <div className={controls.secondary}>error before: {entry.previousError}</div>}
        </li>
      ))}
    </ol>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
