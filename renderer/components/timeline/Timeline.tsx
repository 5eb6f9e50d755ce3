import { useEffect, useRef, useState } from 'react'
import { isKey, keyIdOf, keyStep } from '../../../shared/rules/pressedKeys'
import type { RunDetail } from '../../../shared/runs'
import { shownKeyOf } from '../../state/shortcutKeys'
import { createTimeScale, moved, type TimeSpan, zoomed } from '../../state/timeScale'
import { useScrollbarWidth } from '../../state/useScrollbarWidth'
import { type StepFilter, useTimelineRows } from '../../state/useTimelineRows'
import { useVirtualRows } from '../../state/useVirtualRows'
import controls from '../../styles/controls.module.css'
import { timelineTexts } from '../../texts/en/timeline'
import { counted } from '../../texts/words'
import { EmptyMessage, LoadFailure } from '../ListStates'
import { StepRow } from './StepRow'
import { StepTable } from './StepTable'
import { TimeBrush } from './TimeBrush'
import styles from './Timeline.module.css'
import { TimelineBar, type TimelineLook } from './TimelineBar'
import { TimeMarks } from './TimeMarks'

/** The height of a row, in px. */
const rowHeight = 30
const pageRows = 12

/**
 * The steps of a run and, on one scale of time, their waits and attempts; or the same as a table. The list takes the
 * arrow keys, Page Up and Down, Home and End; + and − zoom, Shift with the arrows moves what is shown, 0 shows all.
 */
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
  const [look, setLook] = useState<TimelineLook>({ view: 'bars', hideIdle: false })
  const [filter, setFilter] = useState<StepFilter>({ ...allSteps })
  const [zoom, setZoom] = useState<TimeSpan | null>(null)
  const [shown, setShown] = useState<readonly [number, number]>([0, 30])
  const rows = useTimelineRows(run, { filter, chosen: selected, first: shown[0], last: shown[1] })
  const { timeline, at } = rows
  const goes = run.completedAt === null && run.liveness !== null && run.liveness !== 'orphaned'
  const whole = wholeOf(timeline?.span ?? null, goes ? nowMs : null)
  const scale = createTimeScale(zoom ?? whole, look.hideIdle ? timeline?.idle : [])
  const total = timeline?.total ?? 0
  const {
    scroller,
    rows: drawn,
    height,
  } = useVirtualRows({
    count: total,
    rowHeight,
    index: at,
    onShow: (first, last) => setShown((known) => (known[0] === first && known[1] === last ? known : [first, last])),
  })
  const barPx = useScrollbarWidth(scroller, look.view)
  useSettledZoom(zoom, setFilter)
  const go = async (to: number): Promise<void> => {
    const row = await rows.fetchRow(Math.max(0, Math.min(total - 1, to)))
    if (row) onSelect(row.id)
  }
  const zoomBy = (factor: number): void => {
    const [from, to] = zoom ?? whole
    const begun = Date.parse(rows.rowAt(at)?.startedAt ?? '')
    const around = begun >= from && begun <= to ? begun : (from + to) / 2
    setZoom(zoomed([from, to], { factor, around, whole }))
  }
  const onKey = (event: React.KeyboardEvent): void => {
    const to = targetOf(event, { at, total })
    const part = zoom ? (zoom[1] - zoom[0]) / 4 : 0
    const side = keyStep(event, { back: 'timeline-earlier', on: 'timeline-later' })
    if (side !== 0) setZoom(zoom && moved(zoom, side * part, whole))
    else if (isKey(event, 'zoom-in')) zoomBy(0.5)
    else if (isKey(event, 'zoom-out')) zoomBy(2)
    else if (isKey(event, 'zoom-all')) setZoom(null)
    else if (to !== null && total > 0) void go(to)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const showAll = (): void => {
    setFilter(({ order }) => ({ ...allSteps, order }))
    setZoom(null)
    const list = scroller.current?.querySelector<HTMLElement>('[role="listbox"]') ?? scroller.current
    list?.focus()
  }
  const draw = { scale, nowMs: goes ? nowMs : null, retry: run.retry, clockMs: nowMs }

  return (
    <section
      className={styles.timeline}
      style={{ '--scrollbar': `${barPx}px` } as React.CSSProperties}
      aria-label={timelineTexts.timeline}
    >
      <TimelineBar
        look={look}
        filter={filter}
        timeline={timeline}
        steps={run.stepCounts.total}
        onLook={(change) => setLook({ ...look, ...change })}
        onFilter={(change) => setFilter({ ...filter, ...change })}
      />
      {look.view === 'bars' && timeline?.span && (
        <>
          <div className={styles.scale}>
            <button
              type="button"
              className={`${controls.plain} ${styles.whole}`}
              title={timelineTexts.showTheWholeTime(shownKeyOf('zoom-all'))}
              aria-disabled={zoom === null}
              onClick={() => setZoom(null)}
            >
              {timelineTexts.wholeTime}
            </button>
            <TimeBrush timeline={timeline} whole={whole} zoom={zoom} onZoom={setZoom} />
          </div>
          <TimeMarks scale={scale} fromMs={whole[0]} />
        </>
      )}
      {rows.failure && !timeline && <LoadFailure failure={rows.failure} onRetry={rows.retry} />}
      {timeline?.total === 0 && <NoSteps run={run} onAll={showAll} />}
      {look.view === 'table' ? (
        <StepTable
          scroller={scroller}
          height={height}
          drawn={drawn}
          total={total}
          rowAt={rows.rowAt}
          nowMs={draw.nowMs}
          selected={selected}
          onSelect={onSelect}
          onKey={onKey}
        />
      ) : (
        <div ref={scroller} className={styles.scroll}>
          <div
            role="listbox"
            aria-label={timelineTexts.steps}
            tabIndex={0}
            aria-activedescendant={drawn.some(({ index }) => index === at) ? `step-row-${at}` : undefined}
            style={{ height, position: 'relative' }}
            onKeyDown={onKey}
          >
            {drawn.map(({ index, start }) => {
              const row = rows.rowAt(index)
              return (
                row && (
                  <StepRow
                    key={row.id}
                    id={`step-row-${index}`}
                    row={row}
                    index={index}
                    total={total}
                    top={start}
                    draw={draw}
                    selected={row.id === selected}
                    onSelect={() => onSelect(row.id)}
                  />
                )
              )
            })}
          </div>
        </div>
      )}
    </section>
  )
}

const allSteps: StepFilter = { errorsOnly: false, order: 'stored', search: '', fromMs: null, toMs: null }

function NoSteps({ run, onAll }: { readonly run: RunDetail; readonly onAll: () => void }) {
  if (run.stepCounts.total === 0) return <EmptyMessage title={timelineTexts.thisRunHasNoSteps} />
  return (
    <EmptyMessage title={timelineTexts.noStepMatches}>
      <button type="button" onClick={onAll}>
        {timelineTexts.showAll(counted(run.stepCounts.total, timelineTexts.stepWithin))}
      </button>
    </EmptyMessage>
  )
}

/** The steps are filtered by the zoomed time once it stays for a moment: while it is dragged only the bars move. */
function useSettledZoom(zoom: TimeSpan | null, setFilter: (change: (known: StepFilter) => StepFilter) => void): void {
  const set = useRef(setFilter)
  set.current = setFilter
  useEffect(() => {
    const timer = setTimeout(() => {
      const [fromMs, toMs] = zoom ?? [null, null]
      set.current((known) => (known.fromMs === fromMs && known.toMs === toMs ? known : { ...known, fromMs, toMs }))
    }, 150)
    return () => clearTimeout(timer)
  }, [zoom])
}

function wholeOf(span: TimeSpan | null, nowMs: number | null): TimeSpan {
  if (span === null) return [0, 1]
  return [span[0], nowMs === null ? span[1] : Math.max(span[1], nowMs)]
}

function targetOf(
  event: React.KeyboardEvent,
  { at, total }: { readonly at: number; readonly total: number },
): number | null {
  switch (keyIdOf(event, ['Lists', 'Timeline'])) {
    case 'next':
      return at + 1
    case 'previous':
      return at - 1
    case 'page-down':
      return at + pageRows
    case 'page-up':
      return at - pageRows
    case 'first':
      return 0
    case 'last':
      return total - 1
    default:
      return null
  }
}
