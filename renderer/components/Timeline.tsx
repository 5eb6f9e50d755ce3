import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { RunDetail, Step } from '../../shared/runs'
import controls from '../styles/controls.module.css'
import { duration } from '../texts/times'
import { counted, statusWord } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './Timeline.module.css'

const rowHeight = 30
const marks = [0, 25, 50, 75, 100] as const

/** The steps of a run and, on one scale of time, their attempts. */
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
  const scroller = useRef<HTMLDivElement>(null)
  const { fromMs, spanMs } = scaleOf(run, nowMs)
  const virtual = useVirtualizer({
    count: run.steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
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
        <div role="listbox" aria-label="Steps" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const step = run.steps[index]
            return (
              step && (
                <StepRow
                  key={step.id}
                  step={step}
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

function StepRow({
  step,
  top,
  fromMs,
  spanMs,
  nowMs,
  selected,
  onSelect,
}: {
  readonly step: Step
  readonly top: number
  readonly fromMs: number
  readonly spanMs: number
  readonly nowMs: number
  readonly selected: boolean
  readonly onSelect: () => void
}) {
  const word = statusWord(step.status)
  return (
    <div
      role="option"
      aria-selected={selected}
      tabIndex={0}
      className={`${styles.row} ${selected ? styles.selected : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault()
          event.stopPropagation()
          onSelect()
        }
      }}
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
      <span className={styles.note}>{noteOf(step, nowMs)}</span>
    </div>
  )
}

function noteOf(step: Step, nowMs: number): string {
  if (step.attempts.length > 1) return counted(step.attempts.length, 'attempt')
  const [attempt] = step.attempts
  if (!attempt?.startedAt) return statusWord(step.status).word.toLowerCase()
  if (attempt.status === 'interrupted') return 'interrupted'
  return duration(
    (attempt.completedAt === null ? nowMs : Date.parse(attempt.completedAt)) - Date.parse(attempt.startedAt),
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
