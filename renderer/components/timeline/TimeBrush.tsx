import { useRef } from 'react'
import { isKey } from '../../../shared/rules/pressedKeys'
import type { Timeline } from '../../../shared/timeline'
import { moved, type TimeSpan } from '../../state/timeScale'
import { timelineTexts } from '../../texts/en/timeline'
import { duration } from '../../texts/times'
import styles from './TimeBrush.module.css'

/** A shorter drag is a click, in parts of the whole. */
const leastDrag = 0.004
const keyStep = 1 / 50
/** The height of the drawing, in its own units. */
const top = 20

/**
 * The whole time of a run: how many attempts ran when, and which of them failed. A drag over it shows only that time; its
 * two ends can be moved by the arrow keys, Home and End; a double click shows all again.
 */
export function TimeBrush({
  timeline,
  whole,
  zoom,
  onZoom,
}: {
  readonly timeline: Timeline
  readonly whole: TimeSpan
  readonly zoom: TimeSpan | null
  readonly onZoom: (zoom: TimeSpan | null) => void
}) {
  const strip = useRef<HTMLDivElement>(null)
  const drag = useRef<{ readonly from: number; readonly pan: TimeSpan | null } | null>(null)
  const [first, last] = whole
  const length = last - first
  const [from, to] = zoom ?? whole
  const shareOf = (event: React.PointerEvent): number => {
    const box = strip.current?.getBoundingClientRect()
    return box ? Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) : 0
  }
  const put = (begin: number, end: number): void => {
    const next: TimeSpan = [Math.max(first, Math.min(begin, end)), Math.min(last, Math.max(begin, end))]
    onZoom(next[0] <= first && next[1] >= last ? null : next)
  }
  const onMove = (event: React.PointerEvent): void => {
    const begun = drag.current
    if (!begun) return
    const share = shareOf(event)
    if (begun.pan) onZoom(moved(begun.pan, (share - begun.from) * length, whole))
    else if (Math.abs(share - begun.from) > leastDrag) put(first + begun.from * length, first + share * length)
  }
  const end = (name: string, at: number, set: (ms: number) => void, bounds: TimeSpan) => (
    <div
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((100 * (at - first)) / length)}
      aria-valuetext={timelineTexts.afterTheStart(duration(at - first))}
      className={styles.end}
      style={{ left: `${(100 * (at - first)) / length}%` }}
      onKeyDown={(event) => {
        const ms = keyTarget(event, { at, step: (event.shiftKey ? 5 : 1) * keyStep * length, bounds })
        if (ms !== null) set(ms)
        else if (isKey(event, 'zoom-all')) onZoom(null)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its ends take the keys that do the same
    <div
      ref={strip}
      className={styles.brush}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        const share = shareOf(event)
        const at = first + share * length
        drag.current = { from: share, pan: zoom && at > from && at < to ? zoom : null }
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        drag.current = null
      }}
      onDoubleClick={() => onZoom(null)}
    >
      <svg viewBox={`0 0 ${timeline.parts.running.length} ${top}`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.running} d={columnsOf(timeline.parts.running)} />
        <path className={styles.failed} d={marksOf(timeline.parts.failed)} />
      </svg>
      {zoom && (
        <>
          <div className={styles.out} style={{ left: 0, width: `${(100 * (from - first)) / length}%` }} />
          <div className={styles.out} style={{ left: `${(100 * (to - first)) / length}%`, right: 0 }} />
        </>
      )}
      {end(timelineTexts.startOfTheTime, from, (ms) => put(ms, to), [first, to])}
      {end(timelineTexts.endOfTheTime, to, (ms) => put(from, ms), [from, last])}
    </div>
  )
}

function keyTarget(
  event: React.KeyboardEvent,
  { at, step, bounds }: { readonly at: number; readonly step: number; readonly bounds: TimeSpan },
): number | null {
  if (isKey(event, 'end-earlier')) return Math.max(bounds[0], at - step)
  if (isKey(event, 'end-later')) return Math.min(bounds[1], at + step)
  if (isKey(event, 'first')) return bounds[0]
  return isKey(event, 'last') ? bounds[1] : null
}

/** A column per part; few attempts beside very many stay visible. */
function columnsOf(counts: readonly number[]): string {
  const most = Math.sqrt(Math.max(1, ...counts))
  return counts
    .map((count, index) => {
      const height = count === 0 ? 0 : Math.max(2, (Math.sqrt(count) / most) * (top - 3))
      return height === 0 ? '' : `M${index} ${top}v${-height}h1v${height}z`
    })
    .join('')
}

function marksOf(counts: readonly number[]): string {
  return counts.map((count, index) => (count === 0 ? '' : `M${index} 0h1v4h-1z`)).join('')
}
