import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { WritebackPage } from '../../shared/contract'
import { settledStates, type WritebackGroup, type WritebackItem } from '../../shared/writebacks'
import { isTyping } from '../App'
import { EmptyMessage, LoadFailure, LoadingRows } from '../components/ListStates'
import { OperationPanel } from '../components/OperationPanel'
import { RetryDialog } from '../components/RetryDialog'
import { StatusMark } from '../components/StatusMark'
import { WritebackDetailPane } from '../components/WritebackDetailPane'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { useNow } from '../state/useNow'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import { counted, writebackWords } from '../texts/words'
import styles from './WritebacksScreen.module.css'

const waitSeconds = 60
const pageLimit = 500

/** Causes on the left, items on the right, the evidence of one below. */
export function WritebacksScreen({ workspaceId }: { readonly workspaceId: string | null }) {
  const [groupKey, setGroup] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const { value, failure, refresh } = useMirror(
    `writebacks ${workspaceId} ${groupKey} ${search}`,
    (client) =>
      client.request('writebacks:query', {
        workspaceId,
        offset: 0,
        limit: pageLimit,
        ...(groupKey === null ? {} : { groupKey }),
        ...(search === '' ? {} : { search }),
      }),
    ['writebacks:changed', 'operations:changed'],
  )
  const [last, setLast] = useState<WritebackPage | null>(null)
  useEffect(() => {
    if (value) setLast(value)
  }, [value])
  const page = value ?? last
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!page) return <LoadingRows />
  return <Desk page={page} groupKey={groupKey} setGroup={setGroup} search={search} setSearch={setSearch} />
}

function Desk({
  page,
  groupKey,
  setGroup,
  search,
  setSearch,
}: {
  readonly page: WritebackPage
  readonly groupKey: string | null
  readonly setGroup: (key: string | null) => void
  readonly search: string
  readonly setSearch: (search: string) => void
}) {
  const client = useClient()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [index, setIndex] = useState(0)
  const [operationId, setOperation] = useState<string | null>(null)
  const [asking, setAsking] = useState<readonly WritebackItem[] | null>(null)
  const active = page.items[Math.min(index, page.items.length - 1)]
  const selected = page.items.filter((item) => chosen.has(item.key))
  const acted = selected.length > 0 ? selected : active ? [active] : []
  const retryable = acted.filter((item) => item.retry.kind === 'allowed')
  const refused = (error: Error): void => showToast({ tone: 'refused', text: error.message, action: null })
  const refs = (items: readonly WritebackItem[]) => items.map(({ key, version }) => ({ key, version }))

  const retry = (items: readonly WritebackItem[], reason: string | null): Promise<void> =>
    client.request('writebacks:retry', { items: refs(items), reason, waitSeconds }).then(({ operation }) => {
      setOperation(operation.id)
      setChosen(new Set())
    })
  const ask = (): void => {
    if (retryable.length > 1) setAsking(retryable)
    else if (retryable.length === 1) retry(retryable, null).catch(refused)
  }
  const dismiss = (): void => {
    client.request('writebacks:dismiss', { items: refs(acted), reason: null }).then(({ operation }) => {
      const done = operation.items.filter((item) => item.outcome === 'dismissed')
      const [other] = operation.items.filter((item) => item.outcome !== 'dismissed')
      if (done.length > 0) {
        const undo = (): void =>
          void client.request('writebacks:restore', { keys: done.map(({ key }) => key) }).catch(refused)
        showToast({
          tone: 'done',
          text: `Dismissed ${counted(done.length, 'writeback')}.`,
          action: { label: 'Undo', run: undo },
        })
      } else if (other) showToast({ tone: 'refused', text: other.detail, action: null })
      setChosen(new Set())
    }, refused)
  }
  const toggle = (key: string): void =>
    setChosen((known) =>
      known.has(key) ? new Set([...known].filter((other) => other !== key)) : new Set([...known, key]),
    )
  useDeskKeys({ count: page.items.length, index, setIndex, ask, toggle: () => active && toggle(active.key) })
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
          className={controls.field}
          aria-label="Search writebacks"
          placeholder="Search path, message  ( / )"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {search !== '' && <span className={controls.secondary}>{page.total} found</span>}
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
      {page.items.length === 0 ? (
        <Nothing
          page={page}
          filtered={search !== '' || groupKey !== null}
          onClear={() => [setSearch(''), setGroup(null)]}
        />
      ) : (
        <div className={styles.body}>
          <Groups
            groups={page.groups}
            groupKey={groupKey}
            onGroup={setGroup}
            onSelect={(key) =>
              setChosen(
                new Set(
                  page.items
                    .filter((item) => item.groupKey === key && item.retry.kind === 'allowed')
                    .map((item) => item.key),
                ),
              )
            }
          />
          <Items
            items={page.items}
            chosen={chosen}
            index={index}
            setIndex={setIndex}
            toggle={toggle}
            setChosen={setChosen}
          />
          {active && <WritebackDetailPane key={active.key} item={active} />}
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

function Groups({
  groups,
  groupKey,
  onGroup,
  onSelect,
}: {
  readonly groups: readonly WritebackGroup[]
  readonly groupKey: string | null
  readonly onGroup: (key: string | null) => void
  readonly onSelect: (key: string) => void
}) {
  const nowMs = useNow()
  return (
    <section className={styles.groups} aria-label="Causes">
      <button type="button" className={styles.group} aria-pressed={groupKey === null} onClick={() => onGroup(null)}>
        <strong>All causes</strong>
      </button>
      {groups.map((group) => (
        <div key={group.key}>
          <button
            type="button"
            className={styles.group}
            aria-pressed={groupKey === group.key}
            onClick={() => onGroup(group.key)}
          >
            <strong>
              {group.count} × {group.class ?? 'no error'}
            </strong>
            <span className={styles.cause}>{group.title}</span>
            <span className={controls.secondary} title={fullTime(group.lastFailedAt)}>
              {group.lastFailedAt
                ? `last ${ago(group.lastFailedAt, nowMs)}, first ${ago(group.firstFailedAt, nowMs)}`
                : ''}
            </span>
          </button>
          {groupKey === group.key && (
            <button type="button" className={controls.plain} onClick={() => onSelect(group.key)}>
              Select group
            </button>
          )}
        </div>
      ))}
    </section>
  )
}

function Items({
  items,
  chosen,
  index,
  setIndex,
  toggle,
  setChosen,
}: {
  readonly items: readonly WritebackItem[]
  readonly chosen: ReadonlySet<string>
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly toggle: (key: string) => void
  readonly setChosen: (keys: ReadonlySet<string>) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const nowMs = useNow()
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 8,
  })
  return (
    <div ref={scroller} className={styles.items}>
      <div
        role="listbox"
        aria-label="Writebacks"
        aria-multiselectable="true"
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {virtual.getVirtualItems().map(({ index: at, start }) => {
          const item = items[at]
          if (!item) return null
          const word = writebackWords[item.state]
          const pick = (event: React.MouseEvent): void => {
            if (event.shiftKey) {
              const [from, to] = [Math.min(index, at), Math.max(index, at)]
              setChosen(new Set([...chosen, ...items.slice(from, to + 1).map(({ key }) => key)]))
            }
            setIndex(at)
          }
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the desk takes the keys
            <div
              key={item.key}
              role="option"
              aria-selected={at === index}
              tabIndex={-1}
              className={`${styles.item} ${at === index ? styles.active : ''}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={pick}
            >
              <input
                type="checkbox"
                aria-label={`Select ${item.path ?? 'unreadable record'}`}
                checked={chosen.has(item.key)}
                disabled={settledStates.includes(item.state) && item.records.length === 0}
                onChange={() => toggle(item.key)}
              />
              <StatusMark status={word} />
              <span className={`mono ${controls.ellipsis}`} title={item.path ?? ''}>
                {item.path ?? item.records[0]?.file}
              </span>
              <span className={controls.secondary}>{item.lastStatus ?? ''}</span>
              <span className={controls.secondary} title={fullTime(item.lastFailedAt)}>
                {item.lastFailedAt ? ago(item.lastFailedAt, nowMs) : ''}
              </span>
            </div>
          )
        })}
      </div>
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
