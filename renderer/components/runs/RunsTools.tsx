import type { RunAsk } from '../../../shared/runList'
import { useReadOnly } from '../../state/appInfo'
import { navigate, type RunsRoute } from '../../state/route'
import { changedWhere } from '../../state/runAsk'
import { useCauseTitle } from '../../state/useCauseTitle'
import type { useRunColumns } from '../../state/useRunColumns'
import type { RunSelection } from '../../state/useRunSelection'
import type { RunWindow } from '../../state/useRunWindow'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { ActsMenu } from '../ActsMenu'
import { ColumnMenu } from './ColumnMenu'
import { FilterChips } from './FilterChips'
import { type ChangeWhere, FilterMenu } from './FilterMenu'
import { GroupChoice } from './GroupChoice'
import { RunSelectionBar } from './RunSelectionBar'
import styles from './RunsBar.module.css'
import { ViewsMenu } from './ViewsMenu'
import { WorkflowSpark } from './WorkflowSpark'

/** What narrows the list and how it looks; while runs are chosen, what can be done with them. */
export function RunsTools({
  route,
  list,
  selection,
  columns,
  ask,
  onCancel,
  onCompact,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly selection: RunSelection
  readonly columns: ReturnType<typeof useRunColumns>
  readonly ask: RunAsk
  readonly onCancel: () => void
  /** Writes the run store anew, without old runs if wanted; null where there is not one store. */
  readonly onCompact: (() => void) | null
}) {
  const change: ChangeWhere = (parts) => {
    const { where: before, ...rest } = route
    const where = changedWhere(before, parts)
    navigate(where ? { ...rest, where } : rest, { replace: true })
  }
  const readOnly = useReadOnly()
  const isChosen = selection.count > 0
  const causeTitle = useCauseTitle(route.where?.cause)
  const total = list.page ? list.total : null
  return (
    <div className={styles.toolBox}>
      {isChosen && <RunSelectionBar list={list} selection={selection} onCancel={onCancel} />}
      <div className={styles.tools} inert={isChosen}>
        <ViewsMenu route={route} />
        <FilterMenu where={route.where ?? {}} facets={list.page?.facets ?? null} onChange={change} />
        <FilterChips where={route.where} causeTitle={causeTitle} onChange={change} />
        <span className={controls.spread} />
        {(route.search !== '' || route.where) && total !== null && (
          <span className={controls.secondary} role="status" aria-label={runsTexts.found}>
            {total === 1 ? runsTexts.match : runsTexts.matches(total.toLocaleString('en'))}
          </span>
        )}
        {route.group === undefined && route.where?.workflows?.length === 1 && <WorkflowSpark ask={ask} />}
        <GroupChoice route={route} />
        <ColumnMenu columns={columns.columns} onColumns={columns.setColumns} onReset={columns.reset} />
        {onCompact && (
          <ActsMenu
            label={runsTexts.moreAboutTheList}
            acts={[{ label: runsTexts.compactTheStoreArchive, refusal: readOnly, onAct: onCompact }]}
          />
        )}
      </div>
    </div>
  )
}
