import { useRef, useState } from 'react'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { RunList } from '../components/RunList'
import { SplitPane } from '../components/SplitPane'
import { useClient } from '../state/client'
import { navigate, type Route, toHash } from '../state/route'
import { type RunWindow, useRunWindow } from '../state/useRunWindow'
import controls from '../styles/controls.module.css'
import { counted } from '../texts/words'
import { RunScreen } from './RunScreen'
import styles from './RunsScreen.module.css'
import { useRunListKeys } from './useRunListKeys'

type RunsRoute = Extract<Route, { screen: 'runs' }>

const filterWords: Readonly<Record<RunFilter, string>> = {
  all: 'All',
  running: 'Running',
  'needs-you': 'Needs you',
  failed: 'Failed',
  orphaned: 'Orphaned',
}

/** The list of runs above, the open run below. */
export function RunsScreen({ route, onAddFolder }: { readonly route: RunsRoute; readonly onAddFolder: () => void }) {
  const [held, setHeld] = useState(false)
  const list = useRunWindow({ workspaceId: route.workspaceId, filter: route.filter, search: route.search }, held)
  const loading = list.page?.loading ?? null
  const search = useRef<HTMLInputElement>(null)
  const [index, setIndex] = useState(0)
  const open = (run: Run | undefined): void => {
    if (run) navigate({ ...closed(route), runId: run.id, ...(route.tab ? { tab: route.tab } : {}) })
  }
  useRunListKeys({ route, list, index, setIndex, open, search })

  return (
    <SplitPane
      name="runs"
      initial={38}
      narrow="bottom"
      top={
        <section className={styles.list} aria-label="Runs">
          <div className={controls.bar}>
            <h1>Runs</h1>
            {runFilters.map((filter) => (
              <button
                key={filter}
                type="button"
                className={controls.chip}
                aria-pressed={route.filter === filter}
                onClick={() => navigate({ ...route, filter })}
              >
                {filterWords[filter]}{' '}
                <span className={styles.count}>{list.page ? list.page.counts[filter].toLocaleString('en') : '…'}</span>
              </button>
            ))}
            <span className={controls.spread} />
            <a className={controls.button} title="Key: n" href={toHash(startOf(route))}>
              Start a workflow
            </a>
            <input
              ref={search}
              type="search"
              className={controls.field}
              aria-label="Search runs"
              placeholder="Search name, id, error  ( / )"
              value={route.search}
              onChange={(event) => navigate({ ...route, search: event.target.value }, { replace: true })}
            />
            {route.search !== '' && (
              <span className={controls.secondary}>
                {list.total === 1 ? '1 match' : `${list.total.toLocaleString('en')} matches`}
              </span>
            )}
          </div>
          {loading && <StillReading workspaceId={route.workspaceId} loading={loading} />}
          {list.newRows > 0 && (
            <button type="button" className={styles.newRows} onClick={list.toNewest}>
              ↑ {counted(list.newRows, 'new run')}
            </button>
          )}
          <ListBody
            route={route}
            list={list}
            index={index}
            setIndex={setIndex}
            open={open}
            onHold={setHeld}
            onAddFolder={onAddFolder}
          />
        </section>
      }
      bottom={
        route.runId === null ? null : (
          <RunScreen key={route.runId} route={route} runId={route.runId} onClose={() => navigate(closed(route))} />
        )
      }
    />
  )
}

/** The list without an open run. */
function closed({ screen, workspaceId, filter, search }: RunsRoute): RunsRoute {
  return { screen, workspaceId, filter, search, runId: null }
}

function startOf({ workspaceId }: RunsRoute): Route {
  return { screen: 'start', workspaceId, file: null, workflow: null }
}

/** How far the first reading of large stores came; it can be ended, and gone on with. */
function StillReading({
  workspaceId,
  loading,
}: {
  readonly workspaceId: string | null
  readonly loading: { readonly doneBytes: number; readonly totalBytes: number; readonly stopped: boolean }
}) {
  const client = useClient()
  const percent = Math.floor((100 * loading.doneBytes) / Math.max(1, loading.totalBytes))
  const set = (going: boolean): void => {
    client.request('runs:loading', { workspaceId, going }).catch(() => undefined) // It ended by itself.
  }
  return (
    <div className={styles.partial}>
      <span role="status">
        {loading.stopped
          ? `Reading was stopped at ${percent} %. Only the newest runs are shown, and they are not followed.`
          : `Still reading: ${percent} % of the files. More runs will appear.`}
      </span>{' '}
      <button type="button" className={controls.button} onClick={() => set(loading.stopped)}>
        {loading.stopped ? 'Read the rest' : 'Stop'}
      </button>
    </div>
  )
}

function ListBody({
  route,
  list,
  index,
  setIndex,
  open,
  onHold,
  onAddFolder,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly onHold: (held: boolean) => void
  readonly onAddFolder: () => void
}) {
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.page) return <LoadingRows />
  if (list.total + list.newRows > 0)
    return <RunList openId={route.runId} list={list} index={index} setIndex={setIndex} open={open} onHold={onHold} />
  if (route.search !== '' || route.filter !== 'all') {
    return (
      <EmptyMessage title={route.filter === 'failed' && route.search === '' ? 'No failed runs' : 'Nothing matches'}>
        <p>
          {route.filter === 'failed' && route.search === ''
            ? 'Every run here ended well, or still runs.'
            : 'No run fits this search and filter.'}
        </p>
        <button
          type="button"
          className={controls.button}
          onClick={() => navigate({ ...route, filter: 'all', search: '' })}
        >
          Clear filter
        </button>
      </EmptyMessage>
    )
  }
  if (list.page.loading) return <LoadingRows />
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
          <a className={controls.button} href={toHash(startOf(route))}>
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
