import type { RunAsk } from '../../../shared/runList'
import { type RunsRoute, toHash } from '../../state/route'
import { changedWhere } from '../../state/runAsk'
import { useMirror } from '../../state/useMirror'
import { useNow } from '../../state/useNow'
import controls from '../../styles/controls.module.css'
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
    <GroupList label="Equal failures" shown={value.groups.length} total={value.total}>
      {value.groups.map(({ key, title, example, count, workflows, workflowCount, firstAt, lastAt }) => (
        <li key={key}>
          <a className={styles.failure} href={narrowedTo(route, { cause: key })} title={example}>
            <span className={styles.count}>{count.toLocaleString('en')} ×</span>
            <span className={controls.ellipsis}>{title}</span>
            <span className={`${controls.ellipsis} ${styles.quiet}`}>
              {workflows.join(', ')}
              {workflowCount > workflows.length && ` and ${workflowCount - workflows.length} more`}
            </span>
            <span className={styles.quiet} title={`first ${fullTime(firstAt)}, last ${fullTime(lastAt)}`}>
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
    <GroupList label="Workflows" shown={value.groups.length} total={value.total}>
      {value.groups.map(({ name, count, failed, spark, lastAt }) => (
        <li key={name} className={styles.workflow}>
          <a className={controls.ellipsis} href={narrowedTo(route, { workflows: [name] })}>
            <strong>{name}</strong> <span className={styles.quiet}>{counted(count, 'run')}</span>
          </a>
          <span>
            {failed > 0 && (
              <a className={styles.failed} href={narrowedTo(route, { workflows: [name], statuses: ['failed'] })}>
                {failed.toLocaleString('en')} failed
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
          The first {shown} of {total.toLocaleString('en')}. Narrow the list to see the others.
        </p>
      )}
    </div>
  )
}
