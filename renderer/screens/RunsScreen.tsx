import { useEffect, useRef, useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { newestFirst, type RunAsk } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { CompactDialog } from '../components/CompactDialog'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { RunList } from '../components/RunList'
import { CancelRunsDialog } from '../components/runs/CancelRunsDialog'
import { EmptyRuns } from '../components/runs/EmptyRuns'
import { NewRuns } from '../components/runs/NewRuns'
import { FailureGroups, WorkflowGroups } from '../components/runs/RunGroups'
import { RunsBar } from '../components/runs/RunsBar'
import { RunsTools } from '../components/runs/RunsTools'
import { StillReading } from '../components/runs/StillReading'
import { SplitPane } from '../components/SplitPane'
import { navigate, type RunsRoute } from '../state/route'
import { useMirror } from '../state/useMirror'
import { useRunBulk } from '../state/useRunBulk'
import { useRunColumns } from '../state/useRunColumns'
import { useRunSelection } from '../state/useRunSelection'
import { type RunWindow, useRunWindow } from '../state/useRunWindow'
import { runsTexts } from '../texts/en/runs'
import { RunScreen } from './RunScreen'
import styles from './RunsScreen.module.css'
import { useRunListKeys } from './useRunListKeys'

/** The list of runs above, the open run below. */
export function RunsScreen({ route, onAddFolder }: { readonly route: RunsRoute; readonly onAddFolder: () => void }) {
  const ask = askOf(route)
  const selection = useRunSelection(ask)
  const [isPointed, setPointed] = useState(false)
  const [isScrolled, setScrolled] = useState(false)
  const [index, setIndex] = useState(0)
  const list = useRunWindow(ask, isPointed || isScrolled || index > 0 || selection.count > 0)
  const columns = useRunColumns()
  const search = useRef<HTMLInputElement>(null)
  const workspaces = useMirror('workspaces', (client) => client.request('workspaces:list', {}), ['workspaces:changed'])
  const bulk = useRunBulk()
  const [compacting, setCompacting] = useState<Workspace | null>(null)
  const store = workspaces.value?.workspaces.find(({ id, hasStore }) => id === route.workspaceId && hasStore) ?? null
  const sort = route.sort ?? newestFirst
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    setIndex(0)
    setScrolled(false)
  }, [list.answered])
  const open = (run: Run | undefined): void => {
    if (run) navigate({ ...closed(route), runId: run.id, ...(route.tab ? { tab: route.tab } : {}) })
  }
  useRunListKeys({ route, list, index, setIndex, open, search, selection, onCancel: () => bulk.ask(selection.choice) })
  const loading = list.page?.loading ?? null

  return (
    <SplitPane
      name="runs"
      initial={38}
      narrow="bottom"
      top={
        <section className={styles.list} aria-label={runsTexts.runs} aria-busy={list.busy}>
          <RunsBar
            route={route}
            list={list}
            search={search}
            onSearch={(text) => {
              const next = { ...route, search: text }
              list.askAhead(askOf(next))
              navigate(next, { replace: true })
            }}
          />
          <RunsTools
            route={route}
            list={list}
            selection={selection}
            columns={columns}
            ask={ask}
            onCancel={() => bulk.ask(selection.choice)}
            onCompact={store ? () => setCompacting(store) : null}
          />
          {loading && <StillReading workspaceId={route.workspaceId} loading={loading} />}
          <div
            className={styles.body}
            // A pointer that only rests where the window came up points at nothing.
            onPointerMove={({ movementX, movementY }) => {
              if (movementX !== 0 || movementY !== 0) setPointed(true)
            }}
            onPointerLeave={() => setPointed(false)}
          >
            <NewRuns
              newRows={route.group ? 0 : list.newRows}
              goneRows={route.group ? 0 : list.goneRows}
              onTop={sort.by === 'started' && !sort.ascending}
              onShow={() => {
                setIndex(0)
                list.toNewest()
              }}
            />
            <ListBody route={route} ask={ask} list={list} onAddFolder={onAddFolder}>
              <RunList
                openId={route.runId}
                list={list}
                index={index}
                selection={selection}
                columns={columns.columns}
                sort={sort}
                names={new Map(workspaces.value?.workspaces.map(({ id, name }) => [id, name]))}
                onMove={setIndex}
                onOpen={open}
                onColumns={columns.setColumns}
                onSort={(next) => {
                  const { sort: _, ...rest } = route
                  navigate(next.by === 'started' && !next.ascending ? rest : { ...rest, sort: next })
                }}
                onScrolled={setScrolled}
              />
            </ListBody>
          </div>
          {bulk.asking && <CancelRunsDialog choice={bulk.asking} bulk={bulk} onDone={selection.clear} />}
          {compacting && <CompactDialog workspace={compacting} onClose={() => setCompacting(null)} />}
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

/** What a route asks of the list. */
function askOf({ workspaceId, filter, search, where, sort }: RunsRoute): RunAsk {
  return { workspaceId, filter, search, ...(where ? { where } : {}), ...(sort ? { sort } : {}) }
}

/** The list without an open run. */
function closed({ tab: _, stepId: __, ...route }: RunsRoute): RunsRoute {
  return { ...route, runId: null }
}

function ListBody({
  route,
  ask,
  list,
  onAddFolder,
  children,
}: {
  readonly route: RunsRoute
  readonly ask: RunAsk
  readonly list: RunWindow
  readonly onAddFolder: () => void
  readonly children: React.ReactNode
}) {
  if (route.group === 'failures') return <FailureGroups route={route} ask={ask} onAddFolder={onAddFolder} />
  if (route.group === 'workflows') return <WorkflowGroups route={route} ask={ask} onAddFolder={onAddFolder} />
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.page) return <LoadingRows />
  if (list.total > 0) return children
  return list.page.loading ? <LoadingRows /> : <EmptyRuns route={route} onAddFolder={onAddFolder} />
}
