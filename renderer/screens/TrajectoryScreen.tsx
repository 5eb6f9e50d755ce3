import { X } from 'lucide-react'
import type { Output } from '../../shared/contract'
import { CopyLink } from '../components/CopyLink'
import { DecisionCards } from '../components/DecisionCards'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { StatusMark } from '../components/StatusMark'
import { TrajectoryChapters } from '../components/TrajectoryChapters'
import { TrajectoryFacts } from '../components/TrajectoryFacts'
import { copyText } from '../state/copyText'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useNowFor } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { ago, duration, fullTime, tookMs } from '../texts/times'
import { trajectoryWord } from '../texts/words'
import styles from './TrajectoryScreen.module.css'

type Shown = Output<'trajectories:get'>

/** One trajectory: what it was, what came of it, its decisions, its chapters, what it changed. */
export function TrajectoryScreen({
  workspaceId,
  trajectoryId,
  onClose,
}: {
  readonly workspaceId: string | null
  readonly trajectoryId: string
  readonly onClose: () => void
}) {
  const { value, failure, refresh } = useMirror(
    `trajectory ${workspaceId} ${trajectoryId}`,
    (client) => client.request('trajectories:get', { workspaceId, trajectoryId }),
    ['trajectories:changed'],
  )
  if (value) return <LoadedTrajectory shown={value} onClose={onClose} />
  return (
    <section className={styles.pane} aria-label={trajectoriesTexts.trajectory}>
      {failure ? <LoadFailure failure={failure} onRetry={() => void refresh()} /> : <LoadingRows />}
    </section>
  )
}

function LoadedTrajectory({ shown, onClose }: { readonly shown: Shown; readonly onClose: () => void }) {
  const { trajectory, cut } = shown
  return (
    <section className={styles.pane} aria-label={trajectoriesTexts.trajectoryTitle(trajectory.title)}>
      <Head trajectory={trajectory} onClose={onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.body} aria-label={trajectoriesTexts.content} tabIndex={0}>
        <Problems trajectory={trajectory} />
        <Retrospective trajectory={trajectory} />
        <DecisionCards trajectory={trajectory} />
        <TrajectoryChapters trajectory={trajectory} />
        {cut && (
          <p className={controls.secondary}>
            {trajectoriesTexts.veryLongTextsAndTheLast} <span className="mono">{trajectory.path}</span>
          </p>
        )}
        <TrajectoryFacts trajectory={trajectory} />
      </section>
    </section>
  )
}

function Head({ trajectory, onClose }: { readonly trajectory: Shown['trajectory']; readonly onClose: () => void }) {
  const { id, title, status, startedAt, completedAt, runId, workspaceId, source, path } = trajectory
  const nowMs = useNowFor(trajectory)
  const took = completedAt === null && status !== 'active' ? null : tookMs(startedAt, completedAt, nowMs)
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        <div className={styles.title}>
          <h1>{title}</h1>
          <StatusMark status={trajectoryWord(status)} />
          {took !== null && (
            <span
              title={trajectoriesTexts.from(
                fullTime(startedAt),
                completedAt ? trajectoriesTexts.to(fullTime(completedAt)) : '',
              )}
            >
              {completedAt === null ? trajectoriesTexts.for(duration(took)) : trajectoriesTexts.in(duration(took))}
            </span>
          )}
        </div>
        {runId !== null && (
          <a
            className={controls.button}
            href={toHash({ screen: 'runs', workspaceId, filter: 'all', search: '', runId })}
          >
            {trajectoriesTexts.openRun}
          </a>
        )}
        <button
          type="button"
          className={controls.button}
          onClick={onClose}
          aria-label={trajectoriesTexts.closeTrajectory}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <div className={`${controls.secondary} ${styles.facts}`}>
        <button
          type="button"
          className={`mono ${styles.copy}`}
          title={trajectoriesTexts.copyTheId}
          onClick={() => copyText(id, trajectoriesTexts.theId)}
        >
          {id}
        </button>
        <CopyLink
          route={{ screen: 'trajectories', workspaceId, search: '', trajectoryId: id }}
          what={trajectoriesTexts.theTrajectory}
        />
        {startedAt !== null && (
          <span title={fullTime(startedAt)}>{trajectoriesTexts.started(ago(startedAt, nowMs))}</span>
        )}
        {source && runId === null && (
          <span title={source.url ?? ''}>
            {source.system} {source.id}
          </span>
        )}
        <span className={`mono ${controls.ellipsis}`} title={path}>
          {path}
        </span>
      </div>
    </header>
  )
}

function Problems({ trajectory }: { readonly trajectory: Shown['trajectory'] }) {
  const { problems, problemCount } = trajectory
  if (problemCount === 0) return null
  return (
    <details className={styles.problems}>
      <summary>
        {problemCount === 1
          ? trajectoriesTexts.oneFieldIsNotWhatItShould
          : trajectoriesTexts.fieldsAreNotWhatThey(problemCount)}{' '}
        {trajectoriesTexts.theRestIsShown}
      </summary>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            <span className="mono">{field}</span> {message}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Retrospective({ trajectory }: { readonly trajectory: Shown['trajectory'] }) {
  const { retrospective, description, compactedInto } = trajectory
  if (!retrospective && !description && !compactedInto) return null
  const lists = [
    [trajectoriesTexts.challenges, retrospective?.challenges],
    [trajectoriesTexts.learnings, retrospective?.learnings],
    [trajectoriesTexts.suggestions, retrospective?.suggestions],
  ] as const
  const confidence = retrospective?.confidence ?? null
  return (
    <section aria-label={trajectoriesTexts.summary} className={styles.summary}>
      {description && <p>{description}</p>}
      {retrospective?.summary && <p className={styles.lead}>{retrospective.summary}</p>}
      {retrospective?.approach && (
        <p className={controls.secondary}>{trajectoriesTexts.approach(retrospective.approach)}</p>
      )}
      {confidence !== null && (
        <p className={controls.secondary}>{trajectoriesTexts.confidence(Math.round(confidence * 100))}</p>
      )}
      {compactedInto && <p className={controls.secondary}>{trajectoriesTexts.compactedInto(compactedInto)}</p>}
      {lists.map(
        ([name, items]) =>
          items &&
          items.length > 0 && (
            <div key={name}>
              <h3>{name}</h3>
              <ul>
                {[...new Set(items)].map((item) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            </div>
          ),
      )}
    </section>
  )
}
