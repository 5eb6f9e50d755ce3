import type { Run, RunDetail, Step } from '../../shared/runs'
import { useVirtualRows } from '../state/useVirtualRows'
import controls from '../styles/controls.module.css'
import { stepNote } from '../texts/stepNote'
import { duration } from '../texts/times'
import { statusWord } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './Timeline.module.css'

const rowHeight = 30
const marks = [0, 25, 50, 75, 100] as const

/** The steps of a run and, on one scale of time, their attempts. The list takes arrow keys, Home and End. */
export function Timeline({
  run,
  nowMs,
  selected,
  onSelect,
}: {
  readonly run: RunDetail
  readonly nowMs: number
  readonly selected: string | null
  readonly onSelect: (stepId: string) => void
}) {
  const { fromMs, spanMs } = scaleOf(run, nowMs)
  const at = run.steps.findIndex(({ id }) => id === selected)
  const { scroller, rows, height } = useVirtualRows({ count: run.steps.length, rowHeight, index: at })
  const onKey = (event: React.KeyboardEvent): void => {
    const to = targetOf(event.key, { at, count: run.steps.length })
    const step = to === null ? undefined : run.steps[to]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    onSelect(step.id)
  }
  return (
    <div className={styles.timeline}>
      <div className={styles.scale} aria-hidden="true">
        <span>Steps</span>
        <span className={styles.marks}>
          {marks.map((mark) => (
            <span key={mark} style={{ left: `${mark}%` }}>
              {duration((spanMs * mark) / 100)}
            </span>
          ))}
        </span>
      </div>
      <div ref={scroller} className={styles.scroll}>
        <div
          role="listbox"
          aria-label="Steps"
          tabIndex={0}
          aria-activedescendant={at < 0 ? undefined : `step-row-${at}`}
          style={{ height, position: 'relative' }}
          onKeyDown={onKey}
        >
          {rows.map(({ index, start }) => {
            const step = run.steps[index]
            return (
              step && (
                <StepRow
                  key={step.id}
                  id={`step-row-${index}`}
                  step={step}
                  retry={run.retry}
                  top={start}
                  fromMs={fromMs}
                  spanMs={spanMs}
                  nowMs={nowMs}
                  selected={step.id === selected}
                  onSelect={() => onSelect(step.id)}
                />
              )
            )
          })}
        </div>
      </div>
    </div>
  )
}

function targetOf(key: string, { at, count }: { readonly at: number; readonly count: number }): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return Math.min(count - 1, at + 1)
    case 'ArrowUp':
    case 'k':
      return Math.max(0, at - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

function StepRow({
  id,
  step,
  retry,
  top,
  fromMs,
  spanMs,
  nowMs,
  selected,
  onSelect,
}: {
  readonly id: string
  readonly step: Step
  readonly retry: Run['retry']
  readonly top: number
  readonly fromMs: number
  readonly spanMs: number
  readonly nowMs: number
  readonly selected: boolean
  readonly onSelect: () => void
}) {
  const word = statusWord(step.status)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={`${styles.row} ${selected ? styles.selected : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
    >
      <StatusMark status={word} wordless />
      <span className={controls.ellipsis} title={step.name}>
        {step.name}
      </span>
      <span className={styles.bars}>
        {step.attempts.map((attempt) => {
          const begin = Date.parse(attempt.startedAt ?? '')
          const end =
            attempt.completedAt === null
              ? attempt.status === 'running'
                ? nowMs
                : begin
              : Date.parse(attempt.completedAt)
          if (Number.isNaN(begin)) return null
          return (
            <span
              key={attempt.number}
              className={`${styles.attempt} ${styles[attempt.status]}`}
              style={{
                left: `${(100 * (begin - fromMs)) / spanMs}%`,
                width: `${Math.max(0, (100 * (end - begin)) / spanMs)}%`,
              }}
              title={`Attempt ${attempt.number}: ${statusWord(attempt.status).word}, ${duration(end - begin)}`}
            />
          )
        })}
      </span>
      <span className={styles.note}>{stepNote(step, retry, nowMs)}</span>
    </div>
  )
}

function scaleOf(run: RunDetail, nowMs: number): { readonly fromMs: number; readonly spanMs: number } {
  let fromMs = Number.POSITIVE_INFINITY
  let toMs = Number.NEGATIVE_INFINITY
  for (const { attempts } of run.steps) {
    for (const { startedAt, completedAt, status } of attempts) {
      const begin = Date.parse(startedAt ?? '')
      if (Number.isNaN(begin)) continue
      fromMs = Math.min(fromMs, begin)
      toMs = Math.max(
        toMs,
        completedAt === null
          ? status === 'running' && run.liveness !== 'orphaned'
            ? nowMs
            : begin
          : Date.parse(completedAt),
      )
    }
  }
  if (fromMs === Number.POSITIVE_INFINITY) return { fromMs: nowMs, spanMs: 1000 }
  return { fromMs, spanMs: Math.max(1, toMs - fromMs) }
}
