import type { Output } from '../../shared/contract'
import { CopyLink } from '../components/CopyLink'
import { DecisionCards } from '../components/DecisionCards'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { StatusMark } from '../components/StatusMark'
import { TrajectoryChapters } from '../components/TrajectoryChapters'
import { TrajectoryFacts } from '../components/TrajectoryFacts'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
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
    <section className={styles.pane} aria-label="Trajectory">
      {failure ? <LoadFailure failure={failure} onRetry={() => void refresh()} /> : <LoadingRows />}
    </section>
  )
}

function LoadedTrajectory({ shown, onClose }: { readonly shown: Shown; readonly onClose: () => void }) {
  const { trajectory, cut } = shown
  return (
    <section className={styles.pane} aria-label={`Trajectory ${trajectory.title}`}>
      <Head trajectory={trajectory} onClose={onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.body} aria-label="Content" tabIndex={0}>
        <Problems trajectory={trajectory} />
        <Retrospective trajectory={trajectory} />
        <DecisionCards trajectory={trajectory} />
        <TrajectoryChapters trajectory={trajectory} />
        {cut && (
          <p className={controls.secondary}>
            Very long texts and the last events are left out here. The file has all:{' '}
            <span className="mono">{trajectory.path}</span>
          </p>
        )}
        <TrajectoryFacts trajectory={trajectory} />
      </section>
    </section>
  )
}

function Head({ trajectory, onClose }: { readonly trajectory: Shown['trajectory']; readonly onClose: () => void }) {
  const { id, title, status, startedAt, completedAt, runId, workspaceId, source, path } = trajectory
  const nowMs = useNow(status === 'active')
  const took = completedAt === null && status !== 'active' ? null : tookMs(startedAt, completedAt, nowMs)
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        <div className={styles.title}>
          <h1>{title}</h1>
          <StatusMark status={trajectoryWord(status)} />
          {took !== null && (
            <span title={`from ${fullTime(startedAt)}${completedAt ? ` to ${fullTime(completedAt)}` : ''}`}>
              {completedAt === null ? `for ${duration(took)}` : `in ${duration(took)}`}
            </span>
          )}
        </div>
        {runId !== null && (
          <a
            className={controls.button}
            href={toHash({ screen: 'runs', workspaceId, filter: 'all', search: '', runId })}
          >
            Open run
          </a>
        )}
        <button type="button" className={controls.button} onClick={onClose} aria-label="Close trajectory">
          ✕
        </button>
      </div>
      <div className={`${controls.secondary} ${styles.facts}`}>
        <button
          type="button"
          className={`mono ${styles.copy}`}
          title="Copy the id"
          onClick={() => void navigator.clipboard?.writeText(id)}
        >
          {id}
        </button>
        <CopyLink route={{ screen: 'trajectories', workspaceId, search: '', trajectoryId: id }} what="the trajectory" />
        {startedAt !== null && <span title={fullTime(startedAt)}>started {ago(startedAt, nowMs)}</span>}
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
          ? 'One field is not what it should be.'
          : `${problemCount} fields are not what they should be.`}{' '}
        The rest is shown.
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
    ['Challenges', retrospective?.challenges],
    ['Learnings', retrospective?.learnings],
    ['Suggestions', retrospective?.suggestions],
  ] as const
  const confidence = retrospective?.confidence ?? null
  return (
    <section aria-label="Summary" className={styles.summary}>
      {description && <p>{description}</p>}
      {retrospective?.summary && <p className={styles.lead}>{retrospective.summary}</p>}
      {retrospective?.approach && <p className={controls.secondary}>Approach: {retrospective.approach}</p>}
      {confidence !== null && <p className={controls.secondary}>Confidence: {Math.round(confidence * 100)} %</p>}
      {compactedInto && <p className={controls.secondary}>Compacted into {compactedInto}</p>}
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
