import { useEffect, useRef, useState } from 'react'
import { isKey } from '../../../shared/rules/pressedKeys'
import type { Source } from '../../../shared/sources'
import { EmptyMessage, LoadFailure, LoadingRows } from '../../components/ListStates'
import { SplitPane } from '../../components/SplitPane'
import { SourceBar } from '../../components/sources/SourceBar'
import { InterruptedBulk, SourceBulkButton } from '../../components/sources/SourceBulkBar'
import { SourceFilters } from '../../components/sources/SourceFilters'
import { SourceRunList } from '../../components/sources/SourceRunList'
import { navigate } from '../../state/route'
import { type SourceRoute, sourceAskOf, sourceRoute, withoutRun } from '../../state/sourceRoute'
import { useListKeys } from '../../state/useListKeys'
import { type SourceRunList as List, useSourceRuns } from '../../state/useSourceRuns'
import { useSources } from '../../state/useSources'
import { useAsker, useSourceWatch } from '../../state/useSourceWatch'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { SourceRunScreen } from './SourceRunScreen'
import styles from './SourceScreen.module.css'

/** The runs of a remote source above, the open one below. */
export function SourceScreen({ route }: { readonly route: SourceRoute }) {
  const { remote, trouble } = useSources()
  const source = remote?.find(({ id }) => id === route.sourceId)
  if (remote === null) return <LoadingRows />
  if (!source)
    return (
      <EmptyMessage title={sourcesTexts.thereIsNoSuchSource}>
        <p>{trouble === null ? sourcesTexts.itWasRemoved : sourcesTexts.noListOfSources(trouble)}</p>
      </EmptyMessage>
    )
  return <KnownSource source={source} route={route} />
}

function KnownSource({ source, route }: { readonly source: Source; readonly route: SourceRoute }) {
  const asker = useAsker()
  const question = JSON.stringify([route.view, route.where])
  /** The same for as long as the question is. */
  const asked = useRef({ question: '', ask: sourceAskOf(route, 0) })
  if (asked.current.question !== question) asked.current = { question, ask: sourceAskOf(route, Date.now()) }
  const { ask } = asked.current
  const [isScrolled, setScrolled] = useState(false)
  const [isPointed, setPointed] = useState(false)
  const [index, setIndex] = useState(0)
  const search = useRef<HTMLInputElement>(null)
  const list = useSourceRuns(source.id, asker, { ask, keepsPlace: isScrolled || isPointed || index > 0 })
  useSourceWatch(source.id, asker, { kind: 'runs', ...ask })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    setIndex(0)
    setScrolled(false)
  }, [question])
  const open = (wanted: number, show: boolean): void => {
    const next = Math.max(0, Math.min(list.count - 1, wanted))
    setIndex(next)
    const run = list.rowAt(next)
    if (show && run) navigate({ ...withoutRun(route), runId: run.id })
  }
  const isOpenAt = (at: number): boolean => list.rowAt(at)?.id === route.runId
  const actOf = (event: KeyboardEvent): (() => void) | null => {
    const view = /^[1-9]$/.test(event.key) ? source.views[Number(event.key) - 1] : undefined
    if (view) return () => navigate({ ...route, view })
    if (isKey(event, 'first')) return () => open(0, false)
    return isKey(event, 'last') ? () => open(Number.POSITIVE_INFINITY, false) : null
  }
  const close = (): void => navigate(withoutRun(route))
  useListKeys({ index, isOpen: route.runId !== null, isOpenAt, open, close, search, actOf })

  return (
    <SplitPane
      name="source"
      initial={42}
      narrow="bottom"
      top={
        <section className={styles.list} aria-label={sourcesTexts.runsOf(source.name)} aria-busy={list.busy}>
          <SourceBar source={source} readAt={list.page?.asOf ?? null} />
          <InterruptedBulk sourceId={source.id} />
          <div className={styles.top}>
            <Views route={route} views={source.views} />
            <span className={controls.spread} />
            <SourceBulkButton source={source} ask={ask} isEmpty={list.count === 0} />
          </div>
          <SourceFilters
            source={source}
            where={route.where}
            first={search}
            onChange={(where) => navigate({ ...route, where }, { replace: true })}
          />
          <NewRuns
            count={list.page?.newRuns ?? 0}
            onShow={() => {
              setIndex(0)
              list.toNewest()
            }}
          />
          <div
            className={styles.body}
            // A pointer that only rests where the window came up points at nothing.
            onPointerMove={({ movementX, movementY }) => {
              if (movementX !== 0 || movementY !== 0) setPointed(true)
            }}
            onPointerLeave={() => setPointed(false)}
          >
            <ListBody route={route} source={source} list={list}>
              <SourceRunList
                name={source.name}
                list={list}
                question={question}
                openId={route.runId}
                index={index}
                onOpen={(at) => open(at, true)}
                onScrolled={setScrolled}
              />
            </ListBody>
          </div>
        </section>
      }
      bottom={
        route.runId === null ? null : (
          <SourceRunScreen key={route.runId} source={source} route={route} runId={route.runId} />
        )
      }
    />
  )
}

/** The runs that are asked for most, each a view of its own. */
function Views({ route, views }: { readonly route: SourceRoute; readonly views: Source['views'] }) {
  return (
    <fieldset className={styles.views} aria-label={sourcesTexts.views}>
      {views.map((view) => (
        <button
          key={view}
          type="button"
          className={controls.chip}
          aria-pressed={route.view === view}
          onClick={() => navigate({ ...route, view })}
        >
          {sourcesTexts.viewWords[view]}
        </button>
      ))}
    </fieldset>
  )
}

function NewRuns({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  if (count === 0) return null
  return (
    <button type="button" className={styles.newRuns} onClick={onShow}>
      ↑ {count === 1 ? sourcesTexts.newRun : sourcesTexts.newRuns(count.toLocaleString('en'))}
    </button>
  )
}

function ListBody({
  route,
  source,
  list,
  children,
}: {
  readonly route: SourceRoute
  readonly source: Source
  readonly list: List
  readonly children: React.ReactNode
}) {
  if (list.count > 0) return children
  // The bar tells what is in the way of the whole source.
  if (source.state.kind === 'trouble') return null
  if (list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.page) return <LoadingRows />
  const isNarrowed = Object.keys(route.where).length > 0
  const empty = isNarrowed ? undefined : emptyWords[route.view]
  if (empty)
    return (
      <EmptyMessage title={empty.title}>
        <p>{empty.says}</p>
      </EmptyMessage>
    )
  return (
    <EmptyMessage title={sourcesTexts.nothingMatches}>
      <p>{sourcesTexts.noRunFits}</p>
      <button type="button" className={controls.button} onClick={() => navigate(sourceRoute(source.id))}>
        {sourcesTexts.clearFilters}
      </button>
    </EmptyMessage>
  )
}

/** What an empty view says, as far as it is more than that nothing fits. */
const emptyWords: Partial<Record<SourceRoute['view'], { readonly title: string; readonly says: string }>> = {
  all: { title: sourcesTexts.noRunsYet, says: sourcesTexts.noRunsYetText },
  'dead-lettered': { title: sourcesTexts.nothingIsDeadLettered, says: sourcesTexts.nothingIsDeadLetteredText },
  'waiting-for-worker': { title: sourcesTexts.nothingWaits, says: sourcesTexts.nothingWaitsText },
}
