import type { Workspace } from '../../shared/contract'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { CauseList } from '../components/overview/CauseList'
import { OutcomeChart } from '../components/overview/OutcomeChart'
import { OverviewRuns } from '../components/overview/OverviewRuns'
import { OverviewTiles } from '../components/overview/OverviewTiles'
import { SlowStepList } from '../components/overview/SlowStepList'
import { WorkspaceTable } from '../components/overview/WorkspaceTable'
import { linkTo } from '../state/overviewLinks'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import styles from './OverviewScreen.module.css'

const causes = 8

/** What a person should know of one workspace, or of all: what needs them, what runs, what came of the rest. */
export function OverviewScreen({
  workspaceId,
  workspaces,
  onAddFolder,
}: {
  readonly workspaceId: string | null
  /** Null until they are known. */
  readonly workspaces: readonly Workspace[] | null
  readonly onAddFolder: () => void
}) {
  const { value, failure, refresh } = useMirror(
    `overview ${workspaceId}`,
    (client) => client.request('overview:get', { workspaceId }),
    ['runs:changed', 'workspaces:changed'],
  )
  const slow = useMirror(
    `slow steps ${workspaceId}`,
    (client) => client.request('overview:slowSteps', { workspaceId }),
    ['runs:changed'],
  )
  const desk = useMirror(
    `causes ${workspaceId}`,
    (client) => client.request('writebacks:query', { workspaceId, listLimit: causes, offset: 0, limit: 0 }),
    ['writebacks:changed'],
  )
  const nowMs = useNow()
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value || !workspaces) return <LoadingRows />
  if (workspaces.length === 0) return <NoWorkspace onAddFolder={onAddFolder} />
  const { counts } = value
  const name = workspaceId === null ? 'All workspaces' : workspaces.find(({ id }) => id === workspaceId)?.name
  const several = workspaceId === null && workspaces.length > 1
  return (
    <section className={styles.screen} aria-label="Overview">
      <div className={controls.bar}>
        <h1>Overview</h1>
        <span className={controls.secondary}>{name}</span>
        {value.loading && (
          <span className={controls.secondary} role="status">
            Still reading: the numbers will grow.
          </span>
        )}
      </div>
      <div className={styles.body}>
        <OverviewTiles counts={counts} workspaceId={workspaceId} />
        <div className={styles.pair}>
          <OverviewRuns
            title="Needs you"
            runs={value.needs}
            total={counts.needsYou}
            href={linkTo({ kind: 'needsYou' }, workspaceId)}
            nowMs={nowMs}
            empty="No run needs you."
          />
          <OverviewRuns
            title="Running now"
            runs={value.running}
            total={counts.running}
            href={linkTo({ kind: 'running' }, workspaceId)}
            nowMs={nowMs}
            empty={
              counts.all > 0 ? (
                'Nothing runs now.'
              ) : (
                <>
                  No run yet. <a href={startOf(workspaceId)}>Start a workflow…</a>
                </>
              )
            }
          />
        </div>
        <div className={styles.pair}>
          {(['hour', 'day'] as const).map((unit) => (
            <OutcomeChart
              key={unit}
              title={unit === 'hour' ? 'Last 24 hours, by hour' : 'Last 30 days, by day'}
              unit={unit}
              stretches={unit === 'hour' ? value.hours : value.days}
              hrefOf={({ from, to }, outcome) => linkTo({ kind: 'stretch', from, to, outcome }, workspaceId)}
            />
          ))}
        </div>
        <div className={styles.pair}>
          <SlowStepList slow={slow.value} />
          <CauseList
            groups={desk.value?.groups ?? []}
            undelivered={counts.undelivered}
            workspaceId={workspaceId}
            nowMs={nowMs}
          />
        </div>
        {several && <WorkspaceTable workspaces={workspaces} />}
      </div>
    </section>
  )
}

function startOf(workspaceId: string | null): string {
  return toHash({ screen: 'start', workspaceId, file: null, workflow: null })
}

function NoWorkspace({ onAddFolder }: { readonly onAddFolder: () => void }) {
  return (
    <EmptyMessage title="No workspace yet">
      <p>Rundesk watches folders in which workflows run. Nothing in them is changed by looking.</p>
      <p>
        <button type="button" className={controls.button} onClick={onAddFolder}>
          Add folder…
        </button>
      </p>
      {window.rundesk && <p>A folder, or a file of runs, can be dragged onto this window as well.</p>}
      <p>
        Or see a living example: <code>npm run demo</code>
      </p>
    </EmptyMessage>
  )
}
