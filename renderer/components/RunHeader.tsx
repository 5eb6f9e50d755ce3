import { X } from 'lucide-react'
import { type Permission, rollbackable } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import { useReadOnly } from '../state/appInfo'
import { copyText } from '../state/copyText'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import type { RunActs } from '../state/useRunActs'
import controls from '../styles/controls.module.css'
import { cliCommand } from '../texts/cliCommand'
import { runTexts } from '../texts/en/run'
import { shortPath } from '../texts/shortPath'
import { retryNote } from '../texts/stepNote'
import { ago, duration, fullTime, tookMs, withLocalTimes } from '../texts/times'
import { runStatusWord } from '../texts/words'
import { ActButton } from './ActButton'
import { ActsMenu } from './ActsMenu'
import { CopyLink } from './CopyLink'
import styles from './RunHeader.module.css'
import { StatusMark } from './StatusMark'
import { WatchButton } from './WatchButton'

/** What a run is and what can be done about it. */
export function RunHeader({
  run,
  nowMs,
  acts,
  onRerun,
  onRollback,
  onClose,
}: {
  readonly run: RunDetail
  readonly nowMs: number
  readonly acts: RunActs
  /** Opens the preview of a re-run; null where none is possible. */
  readonly onRerun: (() => void) | null
  /** Opens the preview of a rollback. */
  readonly onRollback: () => void
  readonly onClose: () => void
}) {
  const readOnly = useReadOnly()
  const took = tookMs(run.startedAt, run.completedAt, nowMs)
  const { resume, cancel, 'mark-failed': mark } = acts.permissions
  /** What a terminal would be asked next about such a run. */
  const command = cliCommand(resume.kind === 'refused' ? 'show' : 'resume', run)
  const stopped = run.steps.find(({ status }) => status === 'failed')
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h1>{run.workflowName}</h1>
        <StatusMark status={runStatusWord(run)} />
        {took !== null && run.liveness !== 'orphaned' && (run.completedAt !== null || run.liveness !== null) && (
          <span
            title={runTexts.from(
              fullTime(run.startedAt),
              run.completedAt ? runTexts.to(fullTime(run.completedAt)) : '',
            )}
          >
            {run.completedAt === null ? runTexts.for(duration(took)) : runTexts.in(duration(took))}
          </span>
        )}
        {run.retry && (
          <span className={styles.waiting}>
            {run.retry.step}: {retryNote(run.retry, nowMs)}
          </span>
        )}
        {!run.saved && <strong className={styles.unsaved}>{runTexts.notSaved}</strong>}
        <span className={styles.acts}>
          <ActButton refusal={refusalOf(resume)} primary keyId="resume" onAct={() => acts.ask('resume')}>
            <span className={styles.act}>
              {stopped && resume.kind !== 'refused' ? runTexts.resumeFrom(stopped.name) : runTexts.resume}
            </span>
          </ActButton>
          {onRerun && (
            <ActButton refusal={null} onAct={onRerun}>
              {runTexts.reRun}
            </ActButton>
          )}
          <WatchButton run={run} />
          <ActButton refusal={refusalOf(cancel)} keyId="cancel" onAct={() => acts.ask('cancel')}>
            {runTexts.cancelRun}
          </ActButton>
          <ActsMenu
            label={runTexts.moreActs}
            acts={[
              { label: runTexts.rollBack, refusal: readOnly ?? refusalOf(rollbackable(run)), onAct: onRollback },
              { label: runTexts.markAsFailed, refusal: refusalOf(mark), onAct: () => acts.ask('mark-failed') },
              { label: runTexts.copyTheId, refusal: null, onAct: () => copyText(run.id, runTexts.theId) },
              { label: runTexts.copyAsACommand, refusal: null, onAct: () => copyText(command, runTexts.theCommand) },
            ]}
          />
          <button type="button" className={controls.button} onClick={onClose} aria-label={runTexts.closeRun}>
            <X size={14} aria-hidden />
          </button>
        </span>
      </div>
      <div className={`${controls.secondary} ${styles.facts}`}>
        <button
          type="button"
          className={`mono ${styles.copy}`}
          title={runTexts.copyTheId}
          onClick={() => copyText(run.id, runTexts.theId)}
        >
          {run.id}
        </button>
        <CopyLink
          route={{ screen: 'runs', workspaceId: run.workspaceId, filter: 'all', search: '', runId: run.id }}
          what={runTexts.theRun}
        />
        <span title={fullTime(run.startedAt)}>{runTexts.started(ago(run.startedAt, nowMs))}</span>
        {run.parent && <ParentLink workspaceId={run.workspaceId} parent={run.parent} />}
        <TrajectoryLink run={run} />
        {run.livenessReason && (
          <span className={run.liveness === 'orphaned' ? styles.orphaned : undefined}>{run.livenessReason}</span>
        )}
        {run.workflowFile && <Path name={runTexts.workflow} path={run.workflowFile} />}
        <Path name={sourceWords[run.source.kind]} path={run.source.path} />
      </div>
      {run.error && !isSaidByStatus(run) && <p className={styles.error}>{run.error}</p>}
    </header>
  )
}

const sourceWords = {
  jsonl: runTexts.storedIn,
  'step-outputs': runTexts.knownFrom,
  trajectory: runTexts.knownFrom,
} as const

/** A file that the run is told by; a click copies its path. */
function Path({ name, path }: { readonly name: string; readonly path: string }) {
  return (
    <button
      type="button"
      className={`${styles.copy} ${controls.ellipsis}`}
      title={runTexts.clickToCopy(path)}
      onClick={() => copyText(path, runTexts.thePath)}
    >
      {name} <span className="mono">{shortPath(path)}</span>
    </button>
  )
}

function ParentLink({
  workspaceId,
  parent,
}: {
  readonly workspaceId: string
  readonly parent: NonNullable<RunDetail['parent']>
}) {
  const route = { screen: 'runs', workspaceId, filter: 'all', search: '', runId: parent.runId } as const
  return (
    <span>
      {runTexts.reRunOf}{' '}
      <a className="mono" href={toHash(route)}>
        {parent.runId.slice(0, 8)}
      </a>
      {parent.from !== null && runTexts.fromFrom(parent.from)}
    </span>
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
  return <a href={toHash(route)}>{runTexts.trajectory}</a>
}

function refusalOf(permission: Permission): string | null {
  return permission.kind === 'refused' ? withLocalTimes(permission.reason) : null
}

/** Does the error of the run only repeat its status, as that of one that was cancelled may? */
function isSaidByStatus({ error, status }: RunDetail): boolean {
  return error?.toLowerCase() === status
}
