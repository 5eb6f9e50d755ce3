import { type RunFilter, runFilters } from '../../../shared/rules/runFilters'
import type { RunPage } from '../../../shared/runList'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import styles from './PresetChips.module.css'

export const filterWords: Readonly<Record<RunFilter, string>> = {
  all: runsTexts.all,
  running: runsTexts.running,
  'needs-you': runsTexts.needsYou,
  failed: runsTexts.failed,
  orphaned: runsTexts.orphaned,
}

/** The filters that are asked for most, each with its exact count under all else that is asked. */
export function PresetChips({
  chosen,
  counts,
  onChoose,
}: {
  readonly chosen: RunFilter
  /** Null before they are known. */
  readonly counts: RunPage['counts'] | null
  readonly onChoose: (filter: RunFilter) => void
}) {
  return runFilters.map((filter) => (
    <button
      key={filter}
      type="button"
      className={controls.chip}
      aria-pressed={chosen === filter}
      onClick={() => onChoose(filter)}
    >
      {filterWords[filter]} <span className={styles.count}>{counts ? counts[filter].toLocaleString('en') : '…'}</span>
    </button>
  ))
}
