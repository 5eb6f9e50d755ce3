import type { Workspace } from '../../../shared/contract'
import { navigate, type RunsRoute } from '../../state/route'
import { changedWhere } from '../../state/runAsk'
import type { useRunColumns } from '../../state/useRunColumns'
import type { RunSelection } from '../../state/useRunSelection'
import type { RunWindow } from '../../state/useRunWindow'
import controls from '../../styles/controls.module.css'
import { ColumnMenu } from './ColumnMenu'
import { FilterChips } from './FilterChips'
import { type ChangeWhere, FilterMenu } from './FilterMenu'
import { RunSelectionBar } from './RunSelectionBar'
import styles from './RunsBar.module.css'

/** What narrows the list and how it looks; while runs are chosen, what can be done with them. */
export function RunsTools({
  route,
  list,
  selection,
  columns,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly selection: RunSelection
  readonly columns: ReturnType<typeof useRunColumns>
  readonly workspaces: readonly Workspace[]
}) {
  const change: ChangeWhere = (parts) => {
    const { where: before, ...rest } = route
    const where = changedWhere(before, parts)
    navigate(where ? { ...rest, where } : rest, { replace: true })
  }
  const isChosen = selection.count > 0
  const total = list.page ? list.total : null
  return (
    <div className={styles.toolBox}>
      {isChosen && <RunSelectionBar list={list} selection={selection} />}
      <div className={styles.tools} inert={isChosen}>
        <FilterMenu where={route.where ?? {}} facets={list.page?.facets ?? null} onChange={change} />
        <FilterChips where={route.where} causeTitle={null} onChange={change} />
        <span className={controls.spread} />
        {(route.search !== '' || route.where) && total !== null && (
          <span className={controls.secondary} role="status" aria-label="Found">
            {total === 1 ? '1 match' : `${total.toLocaleString('en')} matches`}
          </span>
        )}
        <ColumnMenu columns={columns.columns} onColumns={columns.setColumns} onReset={columns.reset} />
      </div>
    </div>
  )
}
