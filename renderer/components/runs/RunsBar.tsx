import type { RefObject } from 'react'
import { navigate, type RunsRoute, toHash } from '../../state/route'
import { shownKeyOf } from '../../state/shortcutKeys'
import type { RunWindow } from '../../state/useRunWindow'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { PresetChips } from './PresetChips'
import styles from './RunsBar.module.css'

/** The filters that are asked for most, and the search. */
export function RunsBar({
  route,
  list,
  search,
  onSearch,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly search: RefObject<HTMLInputElement | null>
  readonly onSearch: (search: string) => void
}) {
  return (
    <div className={controls.bar}>
      <h1>{runsTexts.runs}</h1>
      <PresetChips
        chosen={route.filter}
        counts={list.page?.counts ?? null}
        onChoose={(filter) => navigate({ ...route, filter })}
      />
      <span className={controls.spread} />
      <a
        className={controls.button}
        title={runsTexts.key(shownKeyOf('start'))}
        href={toHash({ screen: 'start', workspaceId: route.workspaceId, file: null, workflow: null })}
      >
        {runsTexts.startAWorkflowWord}
      </a>
      <input
        ref={search}
        type="search"
        className={`${controls.field} ${styles.search}`}
        aria-label={runsTexts.searchRuns}
        placeholder={runsTexts.searchNameIdError(shownKeyOf('search'))}
        value={route.search}
        onChange={(event) => onSearch(event.target.value)}
      />
    </div>
  )
}
