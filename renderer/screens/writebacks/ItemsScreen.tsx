import { useEffect, useRef, useState } from 'react'
import type { WritebackPage } from '../../../shared/contract'
import { EmptyMessage, LoadFailure, LoadingRows } from '../../components/ListStates'
import { SplitPane } from '../../components/SplitPane'
import { CauseList } from '../../components/writebacks/CauseList'
import { DeskBar } from '../../components/writebacks/DeskBar'
import { DeskDialogs } from '../../components/writebacks/DeskDialogs'
import { ItemDetail } from '../../components/writebacks/ItemDetail'
import { ItemFilters } from '../../components/writebacks/ItemFilters'
import { MountBar } from '../../components/writebacks/MountBar'
import { OpenOperations } from '../../components/writebacks/OpenOperations'
import { SelectionBar } from '../../components/writebacks/SelectionBar'
import { WritebackList } from '../../components/writebacks/WritebackList'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { navigate, toHash } from '../../state/route'
import { useDeskActs } from '../../state/useDeskActs'
import { useDeskCursor } from '../../state/useDeskCursor'
import { useWritebackSelection } from '../../state/useWritebackSelection'
import { filterOf, isNarrowed, useWritebackWindow, type WritebackWindow } from '../../state/useWritebackWindow'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { counted } from '../../texts/words'
import styles from './ItemsScreen.module.css'
import { useItemsKeys } from './useItemsKeys'

/** Mounts on top, causes on the left, items on the right, all about one of them below. */
export function ItemsScreen({ route }: { readonly route: DeskRoute }) {
  const list = useWritebackWindow(filterOf(route))
  const [last, setLast] = useState<WritebackPage | null>(null)
  useEffect(() => {
    if (list.page) setLast(list.page)
  }, [list.page])
  const page = list.page ?? last
  if (page) return <Items route={route} list={list} page={page} />
  return (
    <section className={styles.screen} aria-label={writebacksTexts.writebacks}>
      <DeskBar route={route} />
      {list.failure ? <LoadFailure failure={list.failure} onRetry={list.retry} /> : <LoadingRows />}
    </section>
  )
}

function Items({
  route,
  list,
  page,
}: {
  readonly route: DeskRoute
  readonly list: WritebackWindow
  /** The newest answer; while another question is under way, that to the one before. */
  readonly page: WritebackPage
}) {
  const filter = filterOf(route)
  const cursor = useDeskCursor(route, list)
  const selection = useWritebackSelection(filter)
  const acts = useDeskActs(selection.clear)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const search = useRef<HTMLInputElement>(null)
  useItemsKeys({ route, list, cursor, selection, acts, filter, page, search })
  const chooseCause = (key: string | null): void => navigate(narrowed(route, { cause: key ?? undefined }))

  return (
    <section className={styles.screen} aria-label={writebacksTexts.writebacks}>
      <DeskBar route={route}>
        <span className={controls.secondary}>
          {writebacksTexts.stuck(
            counted(page.summary.undelivered, writebacksTexts.undeliveredWriteback),
            page.summary.stuck.toLocaleString('en'),
          )}
        </span>
        <span className={controls.spread} />
        {page.problems.length > 0 && (
          <a className={controls.button} href={toHash({ screen: 'problems', workspaceId: route.workspaceId })}>
            {counted(page.problems.length, writebacksTexts.problem)}
          </a>
        )}
      </DeskBar>
      {list.failure && (
        <div className={controls.banner} role="alert">
          {writebacksTexts.thisListMayBeOld(list.failure.message)}{' '}
          <button type="button" className={controls.button} onClick={list.retry}>
            {writebacksTexts.tryAgain}
          </button>
        </div>
      )}
      {page.loading && (
        <p className={styles.partial} role="status">
          {writebacksTexts.stillReadingTheMounts}
        </p>
      )}
      <div className={route.openId === undefined ? undefined : styles.above}>
        <MountBar mounts={page.mounts} workspaceId={route.workspaceId} />
        <OpenOperations
          workspaceId={route.workspaceId}
          ownId={acts.operationId}
          hidden={hidden}
          onHide={(id) => setHidden(new Set([...hidden, id]))}
        />
        <ItemFilters route={route} page={page} search={search} />
      </div>
      {list.page !== null && list.total === 0 ? (
        <Nothing route={route} page={page} />
      ) : (
        <div className={`${styles.body} ${route.openId === undefined ? '' : styles.opened}`}>
          <CauseList
            groups={page.groups}
            groupTotal={page.groupTotal}
            chosenKey={route.ask?.cause ?? null}
            shownState={filter.groupState ?? null}
            onShowState={(state) => navigate(narrowed(route, { causes: state ?? undefined, cause: undefined }))}
            onChoose={chooseCause}
            onSelect={({ key, count }) => selection.chooseAll({ ...filter, groupKey: key }, count)}
            onExport={({ key }) => acts.save({ filter: { workspaceId: route.workspaceId, groupKey: key } }, 'csv')}
          />
          <SplitPane
            name="writebacks"
            initial={50}
            narrow={route.openId === undefined ? 'top' : 'bottom'}
            top={
              <div className={styles.list}>
                <SelectionBar
                  selection={selection}
                  active={cursor.item}
                  filter={filter}
                  total={list.total}
                  acts={acts}
                />
                <WritebackList
                  list={list}
                  selection={selection}
                  index={cursor.index}
                  onMove={(index) => cursor.pick(index)}
                  onRange={(from, to) => selection.addRange(list, { from, to })}
                />
              </div>
            }
            bottom={
              cursor.key === undefined ? null : (
                <ItemDetail
                  key={cursor.key}
                  itemKey={cursor.key}
                  item={cursor.item}
                  acts={acts}
                  onClose={cursor.close}
                />
              )
            }
          />
        </div>
      )}
      <DeskDialogs acts={acts} mounts={page.mounts} />
    </section>
  )
}

function Nothing({ route, page }: { readonly route: DeskRoute; readonly page: WritebackPage }) {
  if (page.loading) return <LoadingRows />
  if (isNarrowed(filterOf(route))) {
    return (
      <EmptyMessage title={writebacksTexts.nothingMatches}>
        <p>
          {writebacksTexts.theSearchLooksInto(
            page.coverage.searched,
            counted(page.coverage.items, writebacksTexts.writeback),
          )}
        </p>
        <button
          type="button"
          className={controls.button}
          onClick={() => navigate({ screen: 'writebacks', workspaceId: route.workspaceId })}
        >
          {writebacksTexts.clearFilter}
        </button>
      </EmptyMessage>
    )
  }
  if (page.mounts.length === 0) {
    return (
      <EmptyMessage title={writebacksTexts.noMountHere}>
        <p>{writebacksTexts.addTheFolderOfARelayfile}</p>
      </EmptyMessage>
    )
  }
  if (page.problems.length > 0) {
    return (
      <EmptyMessage title={writebacksTexts.nothingUndeliveredWasFound}>
        <p>
          <a href={toHash({ screen: 'problems', workspaceId: route.workspaceId })}>
            {counted(page.problems.length, writebacksTexts.problem)}
          </a>{' '}
          {writebacksTexts.mayHideWritebacks}
        </p>
      </EmptyMessage>
    )
  }
  return (
    <EmptyMessage title={writebacksTexts.everyWritebackIsDelivered}>
      <p>{writebacksTexts.nothingWaitsHereAndNothing}</p>
    </EmptyMessage>
  )
}
