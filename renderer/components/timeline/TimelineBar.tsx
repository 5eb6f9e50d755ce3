import type { Timeline } from '../../../shared/timeline'
import type { StepFilter } from '../../state/useTimelineRows'
import controls from '../../styles/controls.module.css'
import { timelineTexts } from '../../texts/en/timeline'
import { counted } from '../../texts/words'
import styles from './Timeline.module.css'

/** How a timeline is drawn. */
export interface TimelineLook {
  readonly view: 'bars' | 'table'
  readonly hideIdle: boolean
}

/** Which steps of a run are shown, and how. */
export function TimelineBar({
  look,
  filter,
  timeline,
  steps,
  onLook,
  onFilter,
}: {
  readonly look: TimelineLook
  readonly filter: StepFilter
  readonly timeline: Timeline | null
  /** How many the run has. */
  readonly steps: number
  readonly onLook: (change: Partial<TimelineLook>) => void
  readonly onFilter: (change: Partial<StepFilter>) => void
}) {
  const errors = timeline?.errors ?? 0
  const idle = timeline?.idle.length ?? 0
  return (
    <div className={`${controls.bar} ${styles.bar}`}>
      <input
        type="search"
        className={`${controls.field} ${styles.search}`}
        aria-label={timelineTexts.findSteps}
        placeholder={timelineTexts.findSteps}
        value={filter.search}
        onChange={(event) => onFilter({ search: event.target.value })}
      />
      <Chip
        label={timelineTexts.errorsOnly(errors.toLocaleString('en'))}
        on={filter.errorsOnly}
        disabled={errors === 0 && !filter.errorsOnly}
        onClick={() => onFilter({ errorsOnly: !filter.errorsOnly })}
      />
      <Chip
        label={timelineTexts.pendingOnTop}
        on={filter.order === 'unfinished'}
        onClick={() => onFilter({ order: filter.order === 'stored' ? 'unfinished' : 'stored' })}
      />
      <Chip
        label={timelineTexts.hideIdle}
        on={look.hideIdle}
        disabled={(idle === 0 && !look.hideIdle) || look.view === 'table'}
        onClick={() => onLook({ hideIdle: !look.hideIdle })}
      />
      <span role="status" aria-label={timelineTexts.stepsShown} className={`${controls.secondary} ${styles.shown}`}>
        {shownWords(timeline, steps)}
      </span>
      <Chip
        label={timelineTexts.table}
        on={look.view === 'table'}
        onClick={() => onLook({ view: look.view === 'table' ? 'bars' : 'table' })}
      />
    </div>
  )
}

function Chip({
  label,
  on,
  disabled = false,
  onClick,
}: {
  readonly label: string
  readonly on: boolean
  readonly disabled?: boolean
  readonly onClick: () => void
}) {
  return (
    <button type="button" className={controls.chip} aria-pressed={on} disabled={disabled} onClick={onClick}>
      {label}
    </button>
  )
}

function shownWords(timeline: Timeline | null, steps: number): string {
  if (timeline === null) return timelineTexts.loading
  if (!timeline.complete) return timelineTexts.readingTheirTimes(counted(steps, timelineTexts.stepWithin))
  if (timeline.total === steps) return counted(steps, timelineTexts.stepWithin)
  return `${timeline.total.toLocaleString('en')} of ${counted(steps, timelineTexts.stepWithin)}`
}
