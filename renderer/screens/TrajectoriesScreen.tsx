import { useRef, useState } from 'react'
import { ActButton } from '../components/ActButton'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { SplitPane } from '../components/SplitPane'
import { TrajectoryList } from '../components/TrajectoryList'
import { useClient } from '../state/client'
import { navigate, type Route } from '../state/route'
import { shownKeyOf } from '../state/shortcutKeys'
import { showToast } from '../state/toasts'
import { useListKeys } from '../state/useListKeys'
import { type TrajectoryWindow, useTrajectoryWindow } from '../state/useTrajectoryWindow'
import controls from '../styles/controls.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { counted } from '../texts/words'
import styles from './TrajectoriesScreen.module.css'
import { TrajectoryScreen } from './TrajectoryScreen'

type TrajectoriesRoute = Extract<Route, { screen: 'trajectories' }>

/** The list of trajectories on the left, the open one on the right. */
export function TrajectoriesScreen({ route }: { readonly route: TrajectoriesRoute }) {
  const { workspaceId, search, trajectoryId } = route
  const [held, setHeld] = useState(false)
  const list = useTrajectoryWindow({ workspaceId, search, keepsPlace: held })
  const field = useRef<HTMLInputElement>(null)
  const [index, setIndex] = useState(0)
  const open = (wanted: number, show: boolean): void => {
    const next = Math.max(0, Math.min(list.total - 1, wanted))
    setIndex(next)
    const row = list.rowAt(next)
    if (show && row) navigate({ ...route, trajectoryId: row.id })
  }
  useListKeys({
    index,
    isOpen: trajectoryId !== null,
    isOpenAt: (at) => list.rowAt(at)?.id === trajectoryId,
    open,
    close: () => navigate({ ...route, trajectoryId: null }),
    search: field,
  })

  return (
    <SplitPane
      name="trajectories"
      initial={36}
      narrow="bottom"
      beside
      top={
        <section className={styles.list} aria-label={trajectoriesTexts.trajectories}>
          <div className={controls.bar}>
            <h1>{trajectoriesTexts.trajectories}</h1>
            <span className={controls.secondary}>
              {list.page
                ? search === ''
                  ? list.total.toLocaleString('en')
                  : counted(list.total, trajectoriesTexts.match)
                : ''}
            </span>
            <span className={controls.spread} />
            {workspaceId !== null && <ReconcileButton workspaceId={workspaceId} />}
            <input
              ref={field}
              type="search"
              className={`${controls.field} ${styles.search}`}
              aria-label={trajectoriesTexts.searchTrajectories}
              placeholder={trajectoriesTexts.searchTitleIdRun(shownKeyOf('search'))}
              value={search}
              onChange={(event) => navigate({ ...route, search: event.target.value }, { replace: true })}
            />
          </div>
          {list.newRows > 0 && (
            <button type="button" className={styles.newRows} onClick={list.toNewest}>
              ↑{' '}
              {list.newRows === 1
                ? trajectoriesTexts.newTrajectory
                : trajectoriesTexts.newTrajectories(list.newRows.toLocaleString('en'))}
            </button>
          )}
          <ListBody route={route} list={list} index={index} open={open} onHold={setHeld} />
        </section>
      }
      bottom={
        trajectoryId === null ? null : (
          <TrajectoryScreen
            key={trajectoryId}
            workspaceId={workspaceId}
            trajectoryId={trajectoryId}
            onClose={() => navigate({ ...route, trajectoryId: null })}
          />
        )
      }
    />
  )
}

/** Brings the shared index in step with the files, and says what that did. */
function ReconcileButton({ workspaceId }: { readonly workspaceId: string }) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const reconcile = async (): Promise<void> => {
    setBusy(true)
    try {
      const { reconciliation } = await client.request('trajectories:reconcile', { workspaceId })
      const { added, corrected, dropped, keptAside } = reconciliation
      const aside = keptAside === null ? '' : trajectoriesTexts.theMalformedIndexIsKept(keptAside)
      const text =
        added + corrected + dropped === 0
          ? trajectoriesTexts.theIndexIsInStep(aside)
          : `Index: ${added} added, ${corrected} corrected, ${dropped} dropped.${aside}`
      showToast({ tone: 'done', text, action: null })
    } catch (error) {
      showToast({ tone: 'refused', text: error instanceof Error ? error.message : String(error), action: null })
    } finally {
      setBusy(false)
    }
  }
  return (
    <ActButton refusal={busy ? trajectoriesTexts.theIndexIsBeing : null} onAct={() => void reconcile()}>
      {trajectoriesTexts.reconcileIndex}
    </ActButton>
  )
}

function ListBody({
  route,
  list,
  index,
  open,
  onHold,
}: {
  readonly route: TrajectoriesRoute
  readonly list: TrajectoryWindow
  readonly index: number
  readonly open: (index: number, show: boolean) => void
  readonly onHold: (held: boolean) => void
}) {
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.page) return <LoadingRows />
  if (list.total + list.newRows > 0)
    return <TrajectoryList openId={route.trajectoryId} list={list} index={index} open={open} onHold={onHold} />
  if (list.page.loading) return <LoadingRows />
  if (route.search !== '') {
    return (
      <EmptyMessage title={trajectoriesTexts.nothingMatches}>
        <p>{trajectoriesTexts.noTrajectoryFitsThisSearch}</p>
        <button type="button" className={controls.button} onClick={() => navigate({ ...route, search: '' })}>
          {trajectoriesTexts.clearSearch}
        </button>
      </EmptyMessage>
    )
  }
  return (
    <EmptyMessage title={trajectoriesTexts.noTrajectoriesYet}>
      <p>{trajectoriesTexts.aTrajectoryTellsHow}</p>
      <ul>
        <li>
          {trajectoriesTexts.rundeskWritesOneForEach} <code>rundesk start workflow.yaml -w FOLDER</code>
        </li>
        <li>
          {trajectoriesTexts.thoseOfOtherTools} <code>.trajectories</code> {trajectoriesTexts.and}{' '}
          <code>.agentworkforce/trajectories</code>
        </li>
      </ul>
    </EmptyMessage>
  )
}
