import { X } from 'lucide-react'
import type { KeyId } from '../../../shared/keys'
import type { SourceAct, SourceRunDetail } from '../../../shared/sourceRuns'
import { copyText } from '../../state/copyText'
import { toHash } from '../../state/route'
import { sourceRoute } from '../../state/sourceRoute'
import { useNowFor } from '../../state/useNow'
import type { SourceActs } from '../../state/useSourceActs'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { sourceRunWord } from '../../texts/sourceWords'
import { ago, duration, fullTime, tookMs } from '../../texts/times'
import { ActButton } from '../ActButton'
import { ActsMenu } from '../ActsMenu'
import { CopyLink } from '../CopyLink'
import header from '../RunHeader.module.css'
import { StatusMark } from '../StatusMark'

const buttons: readonly (readonly [SourceAct, KeyId?])[] = [
  ['resume', 'resume'],
  ['rewind', 'rerun'],
  ['fork'],
  ['cancel', 'cancel'],
]

/** What a remote run is, where it comes from, and what can be done about it. */
export function SourceRunHeader({
  run,
  acts,
  onClose,
}: {
  readonly run: SourceRunDetail
  readonly acts: SourceActs
  readonly onClose: () => void
}) {
  const nowMs = useNowFor(run)
  const { sourceId, id, createdAt, startedAt, completedAt } = run
  const took = completedAt === null ? null : tookMs(startedAt ?? createdAt, completedAt, nowMs)
  const refusalOf = (act: SourceAct): string | null => {
    const permission = acts.permissions[act]
    return permission.kind === 'refused' ? permission.reason : null
  }
  return (
    <header className={header.head}>
      <div className={header.title}>
        <h1>{run.workflowName}</h1>
        <StatusMark status={sourceRunWord(run)} />
        {took !== null && (
          <span title={`${fullTime(startedAt ?? createdAt)} – ${fullTime(completedAt)}`}>
            {sourcesTexts.in(duration(took))}
          </span>
        )}
        <span className={header.acts}>
          {buttons.map(([act, keyId]) => (
            <ActButton
              key={act}
              refusal={refusalOf(act)}
              primary={
                acts.permissions[act].kind === 'allowed' ? act === 'resume' : act === 'rewind' && run.phase === 'failed'
              }
              {...(keyId ? { keyId } : {})}
              onAct={() => acts.ask(act)}
            >
              {sourcesTexts.actWords[act]}
            </ActButton>
          ))}
          <ActsMenu
            label={sourcesTexts.moreActs}
            acts={[
              ...(['rerun', 'mark-failed'] as const).map((act) => ({
                label: sourcesTexts.actWords[act],
                refusal: refusalOf(act),
                onAct: () => acts.ask(act),
              })),
              { label: sourcesTexts.copyTheId, refusal: null, onAct: () => copyText(id, sourcesTexts.theId) },
            ]}
          />
          <button type="button" className={controls.button} onClick={onClose} aria-label={sourcesTexts.closeRun}>
            <X size={14} aria-hidden />
          </button>
        </span>
      </div>
      <div className={`${controls.secondary} ${header.facts}`}>
        <button
          type="button"
          className={`mono ${header.copy}`}
          title={sourcesTexts.copyTheId}
          onClick={() => copyText(id, sourcesTexts.theId)}
        >
          {id}
        </button>
        <CopyLink route={{ ...sourceRoute(sourceId), runId: id }} what={sourcesTexts.theRun} />
        {createdAt !== null && (
          <span title={fullTime(createdAt)}>{sourcesTexts.createdAgo(ago(createdAt, nowMs))}</span>
        )}
        {placesOf(run).map((said) => (
          <span key={said}>{said}</span>
        ))}
        <Relations run={run} />
      </div>
      {run.note !== null && <p className={controls.secondary}>{run.note}</p>}
      {run.error !== null && <p className={header.error}>{run.error}</p>}
    </header>
  )
}

/** Where it runs, or is to run. */
function placesOf(run: SourceRunDetail): readonly string[] {
  const { queueName, executorId, applicationVersion, applicationName, recoveryAttempts } = run
  return [
    ...(queueName === null ? [] : [sourcesTexts.onQueue(queueName)]),
    ...(executorId === null ? [] : [sourcesTexts.executor(executorId)]),
    ...(applicationVersion === null ? [] : [sourcesTexts.ofVersion(applicationVersion)]),
    ...(applicationName === null ? [] : [sourcesTexts.ofApplication(applicationName)]),
    ...(recoveryAttempts === null || recoveryAttempts < 2 ? [] : [sourcesTexts.begun(recoveryAttempts)]),
  ]
}

/** The ways to the runs that it has to do with. */
function Relations({
  run: { sourceId, id, parentRunId, forkedFrom, wasForkedFrom },
}: {
  readonly run: SourceRunDetail
}) {
  const all = sourceRoute(sourceId)
  return (
    <>
      {parentRunId !== null && (
        <span>
          {sourcesTexts.startedBy}{' '}
          <a className="mono" href={toHash({ ...all, runId: parentRunId })}>
            {parentRunId}
          </a>
        </span>
      )}
      {forkedFrom !== null && (
        <span>
          {sourcesTexts.forkOf}{' '}
          <a className="mono" href={toHash({ ...all, runId: forkedFrom })}>
            {forkedFrom}
          </a>
        </span>
      )}
      {wasForkedFrom && <a href={toHash({ ...all, where: { forkedFrom: id } })}>{sourcesTexts.wasForked}</a>}
      <a href={toHash({ ...all, where: { parentRunId: id } })}>{sourcesTexts.children}</a>
    </>
  )
}
