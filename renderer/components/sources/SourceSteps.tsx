import { keyIdOf } from '../../../shared/rules/pressedKeys'
import { isWaiting } from '../../../shared/rules/stepWait'
import type { SourceRun, SourceStep } from '../../../shared/sourceRuns'
import { spanOf } from '../../state/sourceSpan'
import { useNow } from '../../state/useNow'
import type { SourceStepList } from '../../state/useSourceSteps'
import { useVirtualRows } from '../../state/useVirtualRows'
import controls from '../../styles/controls.module.css'
import rowStyles from '../../styles/rows.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { sourceRunWord, waitWord } from '../../texts/sourceWords'
import { clock, duration } from '../../texts/times'
import { EmptyMessage, LoadFailure, LoadingRows } from '../ListStates'
import { StatusMark } from '../StatusMark'
import styles from './SourceSteps.module.css'

const rowHeight = 30

/** The steps of a remote run in their order, each where it stands in the time of the run. */
export function SourceSteps({
  run,
  list,
  index,
  onSelect,
}: {
  readonly run: SourceRun
  readonly list: SourceStepList
  /** The chosen one; -1 for none. */
  readonly index: number
  readonly onSelect: (index: number) => void
}) {
  const nowMs = useNow(run.completedAt === null)
  const { scroller, rows, height } = useVirtualRows({ count: list.count, rowHeight, index, onShow: list.show })
  const shown = rows.flatMap(({ index: at }) => list.rowAt(at) ?? [])
  const [fromMs, toMs] = spanOf(run, shown, nowMs)
  const onKey = (event: React.KeyboardEvent): void => {
    const to = targetOf(event, index, list.count)
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    onSelect(Math.max(0, Math.min(list.count - 1, to)))
  }
  if (list.count === 0 && list.failure) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (!list.page) return <LoadingRows />
  if (list.count === 0)
    return (
      <EmptyMessage title={sourcesTexts.noSteps}>
        <p>{list.page.note ?? sourcesTexts.noStepsText}</p>
      </EmptyMessage>
    )
  return (
    <section className={styles.steps} aria-label={sourcesTexts.steps}>
      {list.page.note !== null && <p className={`${styles.note} ${controls.secondary}`}>{list.page.note}</p>}
      <div ref={scroller} className={styles.scroll}>
        <div
          role="listbox"
          aria-label={sourcesTexts.steps}
          tabIndex={0}
          aria-activedescendant={index < 0 ? undefined : `source-step-${index}`}
          className={styles.rows}
          style={{ height }}
          onKeyDown={onKey}
        >
          {rows.map(({ index: at, start }) => {
            const step = list.rowAt(at)
            return (
              step && (
                <StepRow
                  key={at}
                  at={at}
                  top={start}
                  step={step}
                  isTakenOver={isTakenOver(run, step)}
                  nowMs={nowMs}
                  waits={isWaiting(step, run, nowMs)}
                  place={(ms) => (100 * (ms - fromMs)) / Math.max(1, toMs - fromMs)}
                  selected={at === index}
                  onSelect={() => onSelect(at)}
                />
              )
            )
          })}
        </div>
      </div>
    </section>
  )
}

function targetOf(event: React.KeyboardEvent, index: number, count: number): number | null {
  switch (keyIdOf(event, ['Lists'])) {
    case 'next':
      return index + 1
    case 'previous':
      return index - 1
    case 'first':
      return 0
    case 'last':
      return count - 1
    default:
      return null
  }
}

/** A fork keeps the steps of its original with their times, which lie before its own. */
function isTakenOver({ forkedFrom, createdAt }: SourceRun, { completedAt }: SourceStep): boolean {
  return forkedFrom !== null && createdAt !== null && completedAt !== null && completedAt < createdAt
}

function StepRow({
  at,
  top,
  step,
  isTakenOver: takenOver,
  nowMs,
  waits,
  place,
  selected,
  onSelect,
}: {
  readonly at: number
  readonly top: number
  readonly step: SourceStep
  readonly isTakenOver: boolean
  readonly nowMs: number
  readonly waits: boolean
  /** Where a time in ms stands, in percent. */
  readonly place: (ms: number) => number
  readonly selected: boolean
  readonly onSelect: () => void
}) {
  const [begin, end] = [Date.parse(step.startedAt ?? ''), Date.parse(step.completedAt ?? '')]
  const until = sourcesTexts.until(clock(step.completedAt))
  const took = waits ? until : end > nowMs || Number.isNaN(end - begin) ? '' : duration(end - begin)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={`source-step-${at}`}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.row} ${selected ? rowStyles.selected : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
    >
      <StatusMark status={waits ? waitWord : sourceRunWord(step)} wordless />
      <span className={controls.ellipsis} title={step.name}>
        {step.name}
      </span>
      <span className={styles.bars}>
        {takenOver ? (
          <span className={controls.secondary}>{sourcesTexts.takenOver}</span>
        ) : (
          took !== '' && (
            <span
              className={`${styles.bar} ${waits ? styles.waits : step.phase === 'failed' ? styles.failed : ''}`}
              style={{ left: `${place(begin)}%`, width: `${place(end) - place(begin)}%` }}
              aria-hidden="true"
            />
          )
        )}
      </span>
      <span className={styles.took} title={step.childRunId === null ? undefined : sourcesTexts.startsARun}>
        {step.childRunId === null ? took : `${took} ↳`}
      </span>
    </div>
  )
}
