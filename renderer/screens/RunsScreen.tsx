import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { type RunFilter, runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { isTyping } from '../App'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { StatusMark } from '../components/StatusMark'
import { navigate, type Route } from '../state/route'
import { useNow } from '../state/useNow'
import { type RunWindow, useRunWindow } from '../state/useRunWindow'
import controls from '../styles/controls.module.css'
import { ago, duration, fullTime, tookMs } from '../texts/times'
import { counted, runStatusWord } from '../texts/words'
import { RunScreen } from './RunScreen'
import styles from './RunsScreen.module.css'

type RunsRoute = Extract<Route, { screen: 'runs' }>

const filterWords: Readonly<Record<RunFilter, string>> = {
  all: 'All',
  running: 'Running',
  'needs-you': 'Needs you',
  failed: 'Failed',
  orphaned: 'Orphaned',
}
const rowHeight = 32

/** The list of runs above, the open run below. */
export function RunsScreen({ route }: { readonly route: RunsRoute }) {
  const [held, setHeld] = useState(false)
  const list = useRunWindow({ workspaceId: route.workspaceId, filter: route.filter, search: route.search }, held)
  const search = useRef<HTMLInputElement>(null)
  const [index, setIndex] = useState(0)
  const open = (run: Run | undefined): void => {
    if (run) navigate({ ...route, workspaceId: route.workspaceId, runId: run.id })
  }
  useListKeys({ route, list, index, setIndex, open, search })

  return (
    <div className={`${styles.screen} ${route.runId === null ? '' : styles.split}`}>
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
              <span className={styles.count}>{list.counts ? list.counts[filter].toLocaleString('en') : '…'}</span>
            </button>
          ))}
          <span className={controls.spread} />
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
            <span className={controls.secondary}>{counted(list.total, 'match').replace('matchs', 'matches')}</span>
          )}
        </div>
        {list.loading && (
          <div className={styles.partial} role="status">
            Still reading: {Math.round((100 * list.loading.doneBytes) / Math.max(1, list.loading.totalBytes))} % of the
            files. More runs will appear.
          </div>
        )}
        {list.newRows > 0 && (
          <button type="button" className={styles.newRows} onClick={list.toNewest}>
            ↑ {counted(list.newRows, 'new run')}
          </button>
        )}
        <ListBody route={route} list={list} index={index} setIndex={setIndex} open={open} onHold={setHeld} />
      </section>
      {route.runId !== null && (
        <RunScreen
          key={route.runId}
          workspaceId={route.workspaceId}
          runId={route.runId}
          onClose={() => navigate({ ...route, runId: null })}
        />
      )}
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
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly onHold: (held: boolean) => void
}) {
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.known) return <LoadingRows />
  if (list.total + list.newRows > 0)
    return <Rows route={route} list={list} index={index} setIndex={setIndex} open={open} onHold={onHold} />
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
  if (list.loading) return <LoadingRows />
  return (
    <EmptyMessage title="No runs yet">
      <p>Rundesk shows the runs of a folder as soon as a workflow runs in it.</p>
      <ul>
        <li>
          Add a folder that holds <code>.agent-relay</code> with the button at the lower left.
        </li>
        <li>
          Run a workflow: <code>rundesk start workflow.yaml -w FOLDER</code>
        </li>
        <li>
          See a living example: <code>npm run demo</code>
        </li>
      </ul>
    </EmptyMessage>
  )
}

function Rows({
  route,
  list,
  index,
  setIndex,
  open,
  onHold,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly onHold: (held: boolean) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const nowMs = useNow()
  const virtual = useVirtualizer({
    count: list.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const rows = virtual.getVirtualItems()
  const first = rows[0]?.index ?? 0
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => list.show(first, last))
  useEffect(() => virtual.scrollToIndex(index), [index, virtual])

  return (
    <div
      ref={scroller}
      className={styles.scroll}
      onScroll={(event) => onHold(event.currentTarget.scrollTop > rowHeight)}
    >
      <div
        role="listbox"
        aria-label="Runs"
        tabIndex={0}
        aria-activedescendant={`run-row-${index}`}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {rows.map((row) => {
          const run = list.rowAt(row.index)
          return (
            <div
              key={run?.id ?? `place-${row.index}`}
              className={styles.place}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {run && (
                <RunRow
                  run={run}
                  id={`run-row-${row.index}`}
                  nowMs={nowMs}
                  selected={route.runId === run.id}
                  active={index === row.index}
                  onOpen={() => {
                    setIndex(row.index)
                    open(run)
                  }}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function RunRow({
  run,
  id,
  nowMs,
  selected,
  active,
  onOpen,
}: {
  readonly run: Run
  readonly id: string
  readonly nowMs: number
  readonly selected: boolean
  readonly active: boolean
  readonly onOpen: () => void
}) {
  const status = runStatusWord(run)
  const { total, completed } = run.stepCounts
  const took = tookMs(run.startedAt, run.completedAt, nowMs)
  const said = run.retry
    ? `attempt ${run.retry.attempt} of ${run.retry.of} of ${run.retry.step} in ${duration(Math.max(0, Date.parse(run.retry.at) - nowMs))}`
    : run.liveness === 'orphaned'
      ? (run.livenessReason ?? '')
      : (run.error ?? '')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={`${styles.row} ${selected ? styles.selected : ''} ${active ? styles.active : ''}`}
      onClick={onOpen}
    >
      <StatusMark status={status} />
      <span className={`${controls.ellipsis} ${styles.name}`}>
        {!run.saved && <span className={styles.unsaved}>Not saved </span>}
        {run.workflowName}
      </span>
      <span className={`mono ${styles.id}`}>{run.id.slice(0, 8)}</span>
      <span className={styles.time} title={fullTime(run.startedAt)}>
        {ago(run.startedAt, nowMs)}
      </span>
      <span className={styles.steps}>
        <span className={styles.track} aria-hidden="true">
          <span className={styles.done} style={{ width: `${total === 0 ? 0 : (100 * completed) / total}%` }} />
        </span>
        {completed}/{total}
      </span>
      <span className={styles.time}>
        {took === null ||
        run.status === 'unknown' ||
        run.liveness === 'orphaned' ||
        (run.completedAt === null && run.liveness === null)
          ? ''
          : duration(took)}
      </span>
      <span className={`${controls.ellipsis} ${styles.error}`} title={said}>
        {said.replace(/\s+/g, ' ')}
      </span>
    </div>
  )
}

function useListKeys({
  route,
  list,
  index,
  setIndex,
  open,
  search,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly search: React.RefObject<HTMLInputElement | null>
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && event.target === search.current) search.current?.blur()
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.closest('[role="tree"], [role="tablist"]')) return
      const move = (to: number): void => setIndex(Math.max(0, Math.min(list.total - 1, to)))
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null
      const filter = runFilters[Number(event.key) - 1]
      if (event.key === '/') search.current?.focus()
      else if (filter) navigate({ ...route, filter })
      else if (event.key === 'j' || event.key === 'ArrowDown') move(index + 1)
      else if (event.key === 'k' || event.key === 'ArrowUp') move(index - 1)
      else if (event.key === 'Enter' && !onButton) open(list.rowAt(index))
      else if ((event.key === ']' || event.key === '[') && route.runId !== null) {
        const next = index + (event.key === ']' ? 1 : -1)
        move(next)
        open(list.rowAt(next))
      } else if (event.key === 'Escape' && route.runId !== null && document.querySelector('dialog[open]') === null)
        navigate({ ...route, runId: null })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
