import { navigate, type RunsRoute, toHash } from '../../state/route'
import controls from '../../styles/controls.module.css'
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
  if (search !== '' || filter !== 'all' || where) {
    const noFailure = filter === 'failed' && search === '' && !where
    return (
      <EmptyMessage title={noFailure ? 'No failed runs' : 'Nothing matches'}>
        <p>{noFailure ? 'Every run here ended well, or still runs.' : 'No run fits this search and these filters.'}</p>
        <button
          type="button"
          className={controls.button}
          onClick={() => navigate({ screen, workspaceId, filter: 'all', search: '', runId: null })}
        >
          Clear filters
        </button>
      </EmptyMessage>
    )
  }
  if (noFailures)
    return (
      <EmptyMessage title="No failures">
        <p>No run here tells of an error.</p>
      </EmptyMessage>
    )
  return (
    <EmptyMessage title="No runs yet">
      <p>Rundesk shows the runs of a folder as soon as a workflow runs in it.</p>
      <ul>
        <li>
          Add a folder that holds <code>.agent-relay</code>{' '}
          <button type="button" className={controls.button} onClick={onAddFolder}>
            Add folder…
          </button>
        </li>
        <li>
          Run a workflow{' '}
          <a className={controls.button} href={toHash({ screen: 'start', workspaceId, file: null, workflow: null })}>
            Start a workflow…
          </a>{' '}
          or <code>rundesk start workflow.yaml -w FOLDER</code>
        </li>
        <li>
          See a living example: <code>npm run demo</code>
        </li>
      </ul>
    </EmptyMessage>
  )
}
