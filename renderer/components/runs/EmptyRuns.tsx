import { useDemoCommand } from '../../state/appInfo'
import { navigate, type RunsRoute, toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { EmptyMessage } from '../ListStates'

/** No run is in the list: nothing failed, nothing fits, or there is none yet and this is how to begin. */
export function EmptyRuns({
  route,
  noFailures = false,
  onAddFolder,
}: {
  readonly route: RunsRoute
  /** There are runs, but none of them tells of an error. */
  readonly noFailures?: boolean
  readonly onAddFolder: () => void
}) {
  const { filter, search, where, screen, workspaceId } = route
  const demoCommand = useDemoCommand()
  if (search !== '' || filter !== 'all' || where) {
    const noFailure = filter === 'failed' && search === '' && !where
    return (
      <EmptyMessage title={noFailure ? runsTexts.noFailedRuns : runsTexts.nothingMatches}>
        <p>{noFailure ? runsTexts.everyRunHereEnded : runsTexts.noRunFitsThisSearch}</p>
        <button
          type="button"
          className={controls.button}
          onClick={() => navigate({ screen, workspaceId, filter: 'all', search: '', runId: null })}
        >
          {runsTexts.clearFilters}
        </button>
      </EmptyMessage>
    )
  }
  if (noFailures)
    return (
      <EmptyMessage title={runsTexts.noFailures}>
        <p>{runsTexts.noRunHereTells}</p>
      </EmptyMessage>
    )
  return (
    <EmptyMessage title={runsTexts.noRunsYet}>
      <p>{runsTexts.rundeskShowsTheRuns}</p>
      <div className={controls.choices}>
        <button type="button" className={controls.button} onClick={onAddFolder}>
          {runsTexts.addFolder}
        </button>
        <a className={controls.button} href={toHash({ screen: 'start', workspaceId, file: null, workflow: null })}>
          {runsTexts.startAWorkflow}
        </a>
      </div>
      <p>
        {runsTexts.onTheCommandLine} <code>rundesk start workflow.yaml -w FOLDER</code>
      </p>
      <p>
        {runsTexts.seeALivingExample} <code>{demoCommand}</code>
      </p>
    </EmptyMessage>
  )
}
