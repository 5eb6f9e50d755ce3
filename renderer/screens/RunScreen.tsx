import { useEffect, useState } from 'react'
import { cancellable, markable, type Permission, resumable } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import { isTyping } from '../App'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { StatusMark } from '../components/StatusMark'
import { StepInspector } from '../components/StepInspector'
import { Timeline } from '../components/Timeline'
import { useClient } from '../state/client'
import { toHash } from '../state/route'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { ago, duration, fullTime, tookMs } from '../texts/times'
import { runStatusWord } from '../texts/words'
import styles from './RunScreen.module.css'

type Act = 'resume' | 'cancel' | 'mark-failed'

/** One run: what it is, what can be done about it, its steps, and the chosen step's evidence. */
export function RunScreen({
  workspaceId,
  runId,
  onClose,
}: {
  readonly workspaceId: string | null
  readonly runId: string
  readonly onClose: () => void
}) {
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
  return <LoadedRun run={found.value} onClose={onClose} />
}

function LoadedRun({ run, onClose }: { readonly run: RunDetail; readonly onClose: () => void }) {
  const nowMs = useNow(run.completedAt === null)
  const [stepId, setStepId] = useState<string | null>(null)
  const [asking, setAsking] = useState<Act | null>(null)
  const acts = useRunActs(run, setAsking)
  const took = tookMs(run.startedAt, run.completedAt, nowMs)
  const step =
    run.steps.find(({ id }) => id === stepId) ??
    run.steps.find(({ status }) => status === 'failed' || status === 'running') ??
    run.steps[0]

  return (
    <section className={styles.run} aria-label={`Run ${run.workflowName}`}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{run.workflowName}</h1>
          <StatusMark status={runStatusWord(run)} />
          {took !== null && run.liveness !== 'orphaned' && (run.completedAt !== null || run.liveness !== null) && (
            <span title={`from ${fullTime(run.startedAt)}${run.completedAt ? ` to ${fullTime(run.completedAt)}` : ''}`}>
              {run.completedAt === null ? `for ${duration(took)}` : `in ${duration(took)}`}
            </span>
          )}
          {!run.saved && <strong className={styles.unsaved}>Not saved</strong>}
          <span className={controls.spread} />
          <TrajectoryLink run={run} />
          <ActButton permission={acts.resume} label="Resume" primary onAct={() => acts.ask('resume')} />
          <ActButton permission={acts.cancel} label="Cancel run" onAct={() => acts.ask('cancel')} />
          <ActButton permission={acts.mark} label="Mark as failed" onAct={() => acts.ask('mark-failed')} />
          <button type="button" className={controls.button} onClick={onClose} aria-label="Close run">
            ✕
          </button>
        </div>
        <div className={`${controls.secondary} ${styles.facts}`}>
          <button
            type="button"
            className={`mono ${styles.copy}`}
            title="Copy the id"
            onClick={() => void navigator.clipboard?.writeText(run.id)}
          >
            {run.id}
          </button>
          <span title={fullTime(run.startedAt)}>started {ago(run.startedAt, nowMs)}</span>
          {run.livenessReason && <span>{run.livenessReason}</span>}
          <span className={`mono ${controls.ellipsis}`} title={run.source.path}>
            {run.source.path}
          </span>
        </div>
        {run.error && <p className={styles.error}>{run.error}</p>}
      </header>
      <div className={styles.body}>
        <Timeline run={run} nowMs={nowMs} selected={step?.id ?? null} onSelect={setStepId} />
        {step && <StepInspector key={step.id} run={run} step={step} nowMs={nowMs} />}
      </div>
      {asking && <ActDialog act={asking} run={run} onClose={() => setAsking(null)} perform={acts.perform} />}
    </section>
  )
}

/** The way to what is told of the run, if anything is. */
function TrajectoryLink({ run }: { readonly run: RunDetail }) {
  const { id, workspaceId } = run
  const { value } = useMirror(
    `trajectory of ${workspaceId} ${id}`,
    (client) => client.request('trajectories:query', { workspaceId, runId: id, offset: 0, limit: 1 }),
    ['trajectories:changed'],
  )
  const trajectory = value?.rows[0]
  if (!trajectory) return null
  const route = { screen: 'trajectories', workspaceId, search: '', trajectoryId: trajectory.id } as const
  return (
    <a className={controls.button} href={toHash(route)}>
      Trajectory
    </a>
  )
}

function ActButton({
  permission,
  label,
  primary = false,
  onAct,
}: {
  readonly permission: Permission
  readonly label: string
  readonly primary?: boolean
  readonly onAct: () => void
}) {
  const reason = permission.kind === 'refused' ? permission.reason : undefined
  return (
    <button
      type="button"
      className={`${controls.button} ${primary && !reason ? controls.primary : ''}`}
      disabled={reason !== undefined}
      title={reason}
      aria-description={reason}
      onClick={onAct}
    >
      {label}
    </button>
  )
}

function useRunActs(run: RunDetail, askFor: (act: Act) => void) {
  const client = useClient()
  const at = { workspaceId: run.workspaceId, runId: run.id }
  const permissions = { resume: resumable(run), cancel: cancellable(run), mark: markable(run) }
  const perform = async (
    act: Act,
    { confirmed, reason }: { readonly confirmed: boolean; readonly reason: string },
  ): Promise<void> => {
    if (act === 'resume') {
      await client.request('runs:resume', { ...at, confirmed })
      showToast({
        tone: 'done',
        text: `Resumed ${run.workflowName}. It goes on from its last finished step.`,
        action: null,
      })
    } else if (act === 'cancel') {
      const { message } = await client.request('runs:cancel', { ...at, confirmed })
      showToast({ tone: 'done', text: message, action: null })
    } else {
      await client.request('runs:markFailed', { ...at, reason })
      showToast({ tone: 'done', text: `Marked ${run.workflowName} as failed.`, action: null })
    }
  }
  const ask = (act: Act): void => {
    const permission = act === 'resume' ? permissions.resume : act === 'cancel' ? permissions.cancel : permissions.mark
    if (permission.kind === 'refused') return
    if (permission.kind === 'confirm' || act === 'mark-failed') {
      askFor(act)
      return
    }
    perform(act, { confirmed: false, reason: '' }).catch((error: Error) =>
      showToast({ tone: 'refused', text: error.message, action: null }),
    )
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'r') ask('resume')
      if (event.key === 'c') ask('cancel')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return { ...permissions, ask, perform }
}

const actWords: Readonly<Record<Act, { readonly title: string; readonly act: string }>> = {
  resume: { title: 'Resume this run?', act: 'It is gone: resume' },
  cancel: { title: 'Cancel this run?', act: 'It is gone: cancel run' },
  'mark-failed': { title: 'Mark this run as failed?', act: 'Mark as failed' },
}

function ActDialog({
  act,
  run,
  onClose,
  perform,
}: {
  readonly act: Act
  readonly run: RunDetail
  readonly onClose: () => void
  readonly perform: (act: Act, options: { readonly confirmed: boolean; readonly reason: string }) => Promise<void>
}) {
  const [reason, setReason] = useState('its program is gone')
  const permission = act === 'resume' ? resumable(run) : act === 'cancel' ? cancellable(run) : markable(run)
  return (
    <ConfirmDialog
      {...actWords[act]}
      text={permission.kind === 'confirm' ? permission.question : ''}
      onClose={onClose}
      onConfirm={() => perform(act, { confirmed: true, reason })}
    >
      {act === 'mark-failed' && (
        <label>
          Reason
          <input
            className={controls.field}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            style={{ width: '100%' }}
          />
        </label>
      )}
    </ConfirmDialog>
  )
}
