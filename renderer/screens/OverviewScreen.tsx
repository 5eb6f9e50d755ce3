import type { Workspace } from '../../shared/contract'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { CauseList } from '../components/overview/CauseList'
import { OutcomeChart } from '../components/overview/OutcomeChart'
import { OverviewRuns } from '../components/overview/OverviewRuns'
import { OverviewTiles } from '../components/overview/OverviewTiles'
import { SlowStepList } from '../components/overview/SlowStepList'
import { WorkspaceTable } from '../components/overview/WorkspaceTable'
import { useDemoCommand } from '../state/appInfo'
import { linkTo } from '../state/overviewLinks'
import { toHash } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { overviewTexts } from '../texts/en/overview'
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
  const name =
    workspaceId === null ? overviewTexts.allWorkspaces : workspaces.find(({ id }) => id === workspaceId)?.name
  const several = workspaceId === null && workspaces.length > 1
  return (
    <section className={styles.screen} aria-label={overviewTexts.overview}>
      <div className={controls.bar}>
        <h1>{overviewTexts.overview}</h1>
        <span className={controls.secondary}>{name}</span>
        {value.loading && (
          <span className={controls.secondary} role="status">
            {overviewTexts.stillReadingTheNumbers}
          </span>
        )}
      </div>
      <div className={styles.body}>
        <OverviewTiles counts={counts} workspaceId={workspaceId} />
        <div className={styles.pair}>
          <OverviewRuns
            title={overviewTexts.needsYou}
            runs={value.needs}
            total={counts.needsYou}
            href={linkTo({ kind: 'needsYou' }, workspaceId)}
            nowMs={nowMs}
            empty={overviewTexts.noRunNeedsYou}
          />
          <OverviewRuns
            title={overviewTexts.runningNow}
            runs={value.running}
            total={counts.running}
            href={linkTo({ kind: 'running' }, workspaceId)}
            nowMs={nowMs}
            empty={
              counts.all > 0 ? (
                overviewTexts.nothingRunsNow
              ) : (
                <>
                  {overviewTexts.noRunYet} <a href={startOf(workspaceId)}>{overviewTexts.startAWorkflow}</a>
                </>
              )
            }
          />
        </div>
        <div className={styles.pair}>
          {(['hour', 'day'] as const).map((unit) => (
            <OutcomeChart
              key={unit}
              title={unit === 'hour' ? overviewTexts.lastHoursByHour : overviewTexts.lastDaysByDay}
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
  const demoCommand = useDemoCommand()
  return (
    <EmptyMessage title={overviewTexts.noWorkspaceYet}>
      <p>{overviewTexts.rundeskWatchesFoldersInWhichWorkflows}</p>
      <p>
        <button type="button" className={controls.button} onClick={onAddFolder}>
          {overviewTexts.addFolder}
        </button>
      </p>
      {window.rundesk && <p>{overviewTexts.aFolderOrAFile}</p>}
      <p>
        {overviewTexts.orSeeALiving} <code>{demoCommand}</code>
      </p>
    </EmptyMessage>
  )
}
