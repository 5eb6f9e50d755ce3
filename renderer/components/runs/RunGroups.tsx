import type { RunAsk } from '../../../shared/runList'
import { type RunsRoute, toHash } from '../../state/route'
import { changedWhere } from '../../state/runAsk'
import { useMirror } from '../../state/useMirror'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { ago, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import { LoadFailure, LoadingRows } from '../ListStates'
import { EmptyRuns } from './EmptyRuns'
import styles from './RunGroups.module.css'
import { Spark } from './Spark'

/** The list without its groups, narrowed to one of them. */
function narrowedTo(route: RunsRoute, change: Parameters<typeof changedWhere>[1]): string {
  const { group: _, where: before, ...rest } = route
  const where = changedWhere(before, change)
  return toHash(where ? { ...rest, where } : rest)
}

interface GroupsProps {
  readonly route: RunsRoute
  readonly ask: RunAsk
  readonly onAddFolder: () => void
}

/** One line for each cause of failure; each leads to its exact list. */
export function FailureGroups({ route, ask, onAddFolder }: GroupsProps) {
  const { sort: _, ...asked } = ask
  const nowMs = useNow()
  const { value, failure, refresh } = useMirror(
    `failures ${JSON.stringify(asked)}`,
    (client) => client.request('runs:failures', asked),
    ['runs:changed'],
  )
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  if (value.total === 0) return <EmptyRuns route={route} onAddFolder={onAddFolder} noFailures />
  return (
    <GroupList label={runsTexts.equalFailures} shown={value.groups.length} total={value.total}>
      {value.groups.map(({ key, title, example, count, workflows, workflowCount, firstAt, lastAt }) => (
        <li key={key}>
          <a className={styles.failure} href={narrowedTo(route, { cause: key })} title={example}>
            <span className={styles.count}>{count.toLocaleString('en')} ×</span>
            <span className={controls.ellipsis}>{title}</span>
            <span className={`${controls.ellipsis} ${styles.quiet}`}>
              {workflows.join(', ')}
              {workflowCount > workflows.length && runsTexts.andMore(workflowCount - workflows.length)}
            </span>
            <span className={styles.quiet} title={runsTexts.firstLast(fullTime(firstAt), fullTime(lastAt))}>
              {ago(lastAt, nowMs)}
            </span>
          </a>
        </li>
      ))}
    </GroupList>
  )
}

/** One line for each workflow, with the outcomes and durations of its newest runs; each leads to its exact list. */
export function WorkflowGroups({ route, ask, onAddFolder }: GroupsProps) {
  const { sort: _, ...asked } = ask
  const nowMs = useNow()
  const { value, failure, refresh } = useMirror(
    `workflows ${JSON.stringify(asked)}`,
    (client) => client.request('runs:workflows', asked),
    ['runs:changed'],
  )
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  if (value.total === 0) return <EmptyRuns route={route} onAddFolder={onAddFolder} />
  return (
    <GroupList label={runsTexts.workflows} shown={value.groups.length} total={value.total}>
      {value.groups.map(({ name, count, failed, spark, lastAt }) => (
        <li key={name} className={styles.workflow}>
          <a className={controls.ellipsis} href={narrowedTo(route, { workflows: [name] })}>
            <strong>{name}</strong> <span className={styles.quiet}>{counted(count, runsTexts.run)}</span>
          </a>
          <span>
            {failed > 0 && (
              <a className={styles.failed} href={narrowedTo(route, { workflows: [name], statuses: ['failed'] })}>
                {runsTexts.failedFailed(failed.toLocaleString('en'))}
              </a>
            )}
          </span>
          <Spark runs={spark} />
          <span className={styles.quiet} title={fullTime(lastAt)}>
            {ago(lastAt, nowMs)}
          </span>
        </li>
      ))}
    </GroupList>
  )
}

function GroupList({
  label,
  shown,
  total,
  children,
}: {
  readonly label: string
  readonly shown: number
  readonly total: number
  readonly children: React.ReactNode
}) {
  return (
    <div className={styles.scroll}>
      <ul className={styles.groups} aria-label={label}>
        {children}
      </ul>
      {shown < total && (
        <p className={`${controls.secondary} ${styles.rest}`}>
          {runsTexts.theFirstOfNarrow(shown, total.toLocaleString('en'))}
        </p>
      )}
    </div>
  )
}
