import { useEffect, useState } from 'react'
import type { WritebackPage } from '../../shared/contract'
import type { WritebackItem } from '../../shared/writebacks'
import { isTyping } from '../App'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { OperationPanel } from '../components/OperationPanel'
import { RetryDialog } from '../components/RetryDialog'
import { SplitPane } from '../components/SplitPane'
import { WritebackDetailPane } from '../components/WritebackDetailPane'
import { WritebackGroups } from '../components/WritebackGroups'
import { WritebackList } from '../components/WritebackList'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import { allWritebacks, useWritebackWindow, type WritebackWindow } from '../state/useWritebackWindow'
import controls from '../styles/controls.module.css'
import { counted } from '../texts/words'
import styles from './WritebacksScreen.module.css'

const waitSeconds = 60

/** Causes on the left, items on the right, the evidence of one below. */
export function WritebacksScreen({ workspaceId }: { readonly workspaceId: string | null }) {
  const [groupKey, setGroup] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const list = useWritebackWindow({ workspaceId, groupKey, search })
  const [last, setLast] = useState<WritebackPage | null>(null)
  useEffect(() => {
    if (list.page) setLast(list.page)
  }, [list.page])
  const page = list.page ?? last
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!page) return <LoadingRows />
  return (
    <Desk
      workspaceId={workspaceId}
      list={list}
      page={page}
      groupKey={groupKey}
      setGroup={setGroup}
      search={search}
      setSearch={setSearch}
    />
  )
}

function Desk({
  workspaceId,
  list,
  page,
  groupKey,
  setGroup,
  search,
  setSearch,
}: {
  readonly workspaceId: string | null
  readonly list: WritebackWindow
  readonly page: WritebackPage
  readonly groupKey: string | null
  readonly setGroup: (key: string | null) => void
  readonly search: string
  readonly setSearch: (search: string) => void
}) {
  const client = useClient()
  const [chosen, setChosen] = useState<ReadonlyMap<string, WritebackItem>>(new Map())
  const [index, setIndex] = useState(0)
  const [operationId, setOperation] = useState<string | null>(null)
  const [asking, setAsking] = useState<readonly WritebackItem[] | null>(null)
  const active = list.rowAt(Math.min(index, list.total - 1))
  /** What is chosen, as it was last on the screen: acts hold on to that version. */
  const seen = new Map(list.held().map((item) => [item.key, item]))
  const selected = [...chosen.values()].map((item) => seen.get(item.key) ?? item)
  const acted = selected.length > 0 ? selected : active ? [active] : []
  const retryable = acted.filter((item) => item.retry.kind === 'allowed')
  const refused = (error: Error): void => showToast({ tone: 'refused', text: error.message, action: null })
  const refs = (items: readonly WritebackItem[]) => items.map(({ key, version }) => ({ key, version }))

  const retry = (items: readonly WritebackItem[], reason: string | null): Promise<void> =>
    client.request('writebacks:retry', { items: refs(items), reason, waitSeconds }).then(({ operation }) => {
      setOperation(operation.id)
      setChosen(new Map())
    })
  const ask = (): void => {
    if (retryable.length > 1) setAsking(retryable)
    else if (retryable.length === 1) retry(retryable, null).catch(refused)
  }
  const dismiss = (): void => {
    client.request('writebacks:dismiss', { items: refs(acted), reason: null }).then(({ items }) => {
      const done = items.filter((item) => item.outcome === 'dismissed')
      const [other] = items.filter((item) => item.outcome !== 'dismissed')
      if (done.length > 0) {
        const undo = (): void =>
          void client.request('writebacks:restore', { keys: done.map(({ key }) => key) }).catch(refused)
        showToast({
          tone: 'done',
          text: `Dismissed ${counted(done.length, 'writeback')}.`,
          action: { label: 'Undo', run: undo },
        })
      } else if (other) showToast({ tone: 'refused', text: other.detail, action: null })
      setChosen(new Map())
    }, refused)
  }
  const choose = (items: readonly WritebackItem[]): void =>
    setChosen((known) => new Map([...known, ...items.map((item) => [item.key, item] as const)]))
  const toggle = (item: WritebackItem): void => {
    if (!chosen.has(item.key)) choose([item])
    else setChosen(new Map([...chosen].filter(([key]) => key !== item.key)))
  }
  const chooseGroup = (key: string): void => {
    allWritebacks(client, { workspaceId, groupKey: key, search }).then(
      (items) => setChosen(new Map(items.flatMap((item) => (item.retry.kind === 'allowed' ? [[item.key, item]] : [])))),
      refused,
    )
  }
  useDeskKeys({ count: list.total, index, setIndex, ask, toggle: () => active && toggle(active) })
  const why = retryable.length === 0 && acted[0]?.retry.kind === 'refused' ? acted[0].retry.reason : undefined

  return (
    <div className={styles.screen}>
      <div className={controls.bar}>
        <h1>Writebacks</h1>
        <span className={controls.secondary}>
          {counted(page.summary.undelivered, 'undelivered writeback')}, {page.summary.stuck} stuck
        </span>
        <span className={controls.spread} />
        <input
          type="search"
          className={`${controls.field} ${styles.search}`}
          aria-label="Search writebacks"
          placeholder="Search path, message  ( / )"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {search !== '' && <span className={controls.secondary}>{page.total.toLocaleString('en')} found</span>}
        <button
          type="button"
          className={`${controls.button} ${retryable.length > 0 ? controls.primary : ''}`}
          disabled={retryable.length === 0}
          title={why}
          aria-description={why}
          onClick={ask}
        >
          Retry {counted(retryable.length, 'writeback')}
        </button>
        <button
          type="button"
          className={controls.button}
          disabled={acted.every((item) => item.records.length === 0)}
          onClick={dismiss}
        >
          Dismiss
        </button>
      </div>
      <MountStrip page={page} />
      {operationId !== null && <OperationPanel operationId={operationId} onClose={() => setOperation(null)} />}
      {list.page !== null && list.total === 0 ? (
        <Nothing
          page={page}
          filtered={search !== '' || groupKey !== null}
          onClear={() => [setSearch(''), setGroup(null)]}
        />
      ) : (
        <div className={styles.body}>
          <WritebackGroups groups={page.groups} groupKey={groupKey} onGroup={setGroup} onSelect={chooseGroup} />
          <SplitPane
            name="writebacks"
            initial={45}
            narrow="both"
            top={
              <WritebackList
                list={list}
                chosen={chosen}
                index={index}
                setIndex={setIndex}
                toggle={toggle}
                choose={choose}
              />
            }
            bottom={active ? <WritebackDetailPane key={active.key} item={active} /> : null}
          />
        </div>
      )}
      {asking && (
        <RetryDialog items={asking} onClose={() => setAsking(null)} onRetry={(reason) => retry(asking, reason)} />
      )}
    </div>
  )
}

function Nothing({
  page,
  filtered,
  onClear,
}: {
  readonly page: WritebackPage
  readonly filtered: boolean
  readonly onClear: () => void
}) {
  if (page.loading) return <LoadingRows />
  if (filtered) {
    return (
      <EmptyMessage title="Nothing matches">
        <button type="button" className={controls.button} onClick={onClear}>
          Clear filter
        </button>
      </EmptyMessage>
    )
  }
  if (page.mounts.length === 0) {
    return (
      <EmptyMessage title="No mount here">
        <p>Add the folder of a relayfile mount, or a folder that holds one. A mount has a folder named .relay.</p>
      </EmptyMessage>
    )
  }
  return (
    <EmptyMessage title="Every writeback is delivered">
      <p>Nothing waits here, and nothing was refused.</p>
    </EmptyMessage>
  )
}

function MountStrip({ page }: { readonly page: WritebackPage }) {
  return (
    <div className={styles.mounts}>
      {page.mounts.map((mount) => (
        <span key={mount.localDir} title={mount.localDir}>
          <span className="mono">{mount.localDir.split('/').at(-1)}</span>{' '}
          {mount.daemon.alive ? (
            <span className={styles.alive}>● daemon alive ({mount.daemon.pid})</span>
          ) : (
            <span className={styles.dead}>✕ no daemon running</span>
          )}
          {mount.problems.length > 0 && (
            <span className={styles.dead}> {counted(mount.problems.length, 'problem')}</span>
          )}
        </span>
      ))}
    </div>
  )
}

function useDeskKeys({
  count,
  index,
  setIndex,
  ask,
  toggle,
}: {
  readonly count: number
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly ask: () => void
  readonly toggle: () => void
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
      const move = (to: number): void => setIndex(Math.max(0, Math.min(count - 1, to)))
      if (event.key === 'j' || event.key === 'ArrowDown') move(index + 1)
      else if (event.key === 'k' || event.key === 'ArrowUp') move(index - 1)
      else if (event.key === 'x') toggle()
      else if (event.key === 'r') ask()
      else if (event.key === '/') document.querySelector<HTMLInputElement>('input[type="search"]')?.focus()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
