import { useEffect, useRef, useState } from 'react'
import type { LogFilter } from '../../shared/logs'
import type { LogLevel } from '../../shared/rules/logLevel'
import type { RunDetail, Step } from '../../shared/runs'
import { EmptyMessage } from '../components/ListStates'
import { LogBar, levelWords } from '../components/LogBar'
import { LogView, logLineHeight, type RowRange } from '../components/LogView'
import { useClient } from '../state/client'
import { copyLogLines } from '../state/copyLogLines'
import { firstErrorRow } from '../state/firstErrorRow'
import { showToast } from '../state/toasts'
import { type LineScroll, useLineScroll } from '../state/useLineScroll'
import { type LogChoice, type LogLineWindow, useLogLines } from '../state/useLogLines'
import { type LogQuestion, useLogSearch } from '../state/useLogSearch'
import { logsTexts } from '../texts/en/logs'
import { counted } from '../texts/words'
import styles from './AttemptLog.module.css'
import { useLogKeys } from './useLogKeys'

/** The number of an attempt, or the step's rollback. */
export type ChosenAttempt = number | 'rollback'

/** The log of one attempt, or of the rollback: followed while it is written, opened at its first error when it failed. */
export function AttemptLog({
  run,
  step,
  attempt,
  stream,
  level,
  onStep,
  onAttempt,
  onStream,
  onLevel,
}: {
  readonly run: RunDetail
  readonly step: Step
  readonly attempt: ChosenAttempt | null
  readonly stream: LogFilter
  readonly level: LogLevel
  readonly onStep: (stepId: string) => void
  readonly onAttempt: (attempt: ChosenAttempt) => void
  readonly onStream: (stream: LogFilter) => void
  readonly onLevel: (level: LogLevel) => void
}) {
  const client = useClient()
  const facts = attempt === 'rollback' ? step.rollback : step.attempts.find(({ number }) => number === attempt)
  const live = facts?.status === 'running' && run.liveness !== 'orphaned'
  const choice: LogChoice = {
    workspaceId: run.workspaceId,
    runId: run.id,
    stepName: step.name,
    attempt: attempt === 'rollback' ? null : attempt,
    rollback: attempt === 'rollback',
    stream,
    level,
  }
  const [follow, setFollow] = useState(live)
  const [shownRow, setShownRow] = useState<number | null>(null)
  /** Where to scroll as soon as so many lines are known; another object each time. */
  const [wanted, setWanted] = useState<{ readonly row: number } | null>(null)
  const [chosen, setChosen] = useState<RowRange | null>(null)
  const [question, setQuestion] = useState<LogQuestion>({ query: '', regex: false, caseSensitive: false })
  const [count, setCount] = useState(0)
  const searchField = useRef<HTMLInputElement>(null)
  const scroll = useLineScroll({ count, rowHeight: logLineHeight })
  const lines = useLogLines(choice, {
    live,
    first: scroll.first,
    last: Math.max(scroll.last, 0),
    ahead: wanted?.row ?? null,
  })
  if (lines.total !== count) setCount(lines.total)
  const hasLog = lines.found || live || !lines.asked || lines.failure !== null

  /** What is found is found among the lines of every level. */
  const show = (row: number): void => {
    onLevel('all')
    setFollow(false)
    setShownRow(row)
    setWanted({ row })
  }
  const everyLevel: LogChoice = { ...choice, level: 'all' }
  const search = useLogSearch(everyLevel, { question, sizeBytes: lines.sizeBytes, onHit: (hit) => show(hit.row - 1) })
  const toFirstError = async ({ told }: { readonly told: boolean }): Promise<void> => {
    const row = await firstErrorRow(client, choice)
    if (row !== null) show(row - 1)
    else if (told) showToast({ tone: 'done', text: logsTexts.noLineOfThisLog, action: null })
  }
  const firstError = (): void => {
    toFirstError({ told: true }).catch(tellRefusal)
  }
  const copy = (): void => {
    copyLogLines(client, choice, chosen ?? { from: 0, to: lines.total - 1 }).catch(tellRefusal)
  }
  const toggleFollow = (): void => {
    setFollow(!follow)
    setShownRow(null)
    if (!follow) scroll.scrollTo(lines.total)
  }
  useStart({ failed: facts?.status === 'failed', toFirstError: () => toFirstError({ told: false }) })
  useFollow({ follow: follow && live, total: lines.total, scroll })
  useWanted({ wanted, known: wanted !== null && wanted.row < count, scroll })
  useLogKeys({ searchField, firstError, toggleFollow: live ? toggleFollow : null, copy: chosen ? copy : null })

  return (
    <>
      <LogBar
        run={run}
        step={step}
        attempt={attempt}
        hasLog={hasLog}
        stream={stream}
        question={question}
        search={search}
        searchField={searchField}
        follow={live ? follow : null}
        onStep={onStep}
        onAttempt={onAttempt}
        onStream={(next) => {
          setShownRow(null)
          setChosen(null)
          onStream(next)
        }}
        onQuestion={(change) => setQuestion({ ...question, ...change })}
        level={level}
        onLevel={(next) => {
          setShownRow(null)
          setChosen(null)
          onLevel(next)
        }}
        onFirstError={firstError}
        onFollow={toggleFollow}
        onCopy={copy}
      />
      {hasLog ? (
        <>
          <LogView
            label={logsTexts.logOf(step.name)}
            lines={lines}
            scroll={scroll}
            question={question}
            shownRow={shownRow}
            chosen={chosen}
            onScroll={() => {
              scroll.onScroll()
              const element = scroll.scroller.current
              if (element && live)
                setFollow(element.scrollTop + element.clientHeight >= element.scrollHeight - logLineHeight)
            }}
            onChoose={setChosen}
          />
          <p className={styles.foot} role="status" aria-label={logsTexts.log}>
            {footWords(lines, { stream, level })}
          </p>
        </>
      ) : (
        <div role="status" aria-label={logsTexts.log}>
          <EmptyMessage title={logsTexts.noLog}>
            <p>{step.attempts.length > 0 ? logsTexts.logsAreKept : logsTexts.thisStepHasNotRun}</p>
          </EmptyMessage>
        </div>
      )}
    </>
  )
}

function footWords(
  lines: LogLineWindow,
  { stream, level }: { readonly stream: LogFilter; readonly level: LogLevel },
): string {
  if (lines.failure) return logsTexts.theLogCouldNotBeRead(lines.failure.message)
  if (!lines.asked) return logsTexts.loading
  const of = stream === 'all' ? '' : ` of ${stream}`
  const from = level === 'all' ? '' : `: ${levelWords[level].toLowerCase()}`
  return `${counted(lines.total, logsTexts.lineWithin)}${of}${from}${lines.complete ? '' : logsTexts.andMoreStillCounting}`
}

/** A failed attempt is shown from its first error, which is looked for while its lines are being counted. */
function useStart({
  failed,
  toFirstError,
}: {
  readonly failed: boolean
  readonly toFirstError: () => Promise<void>
}): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it was opened
  useEffect(() => {
    if (failed) toFirstError().catch(() => undefined) // The log shows from its start then.
  }, [])
}

function useWanted({
  wanted,
  known,
  scroll,
}: {
  readonly wanted: { readonly row: number } | null
  /** Is the row among those that are known by now? */
  readonly known: boolean
  readonly scroll: LineScroll
}): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another wish, or its row becoming known, moves it
  useEffect(() => {
    if (wanted && known) scroll.scrollTo(wanted.row)
  }, [wanted, known])
}

function useFollow({
  follow,
  total,
  scroll,
}: {
  readonly follow: boolean
  readonly total: number
  readonly scroll: LineScroll
}): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: more lines, or the wish, move it
  useEffect(() => {
    if (follow && total > 0) scroll.scrollTo(total)
  }, [follow, total])
}

function tellRefusal(error: Error): void {
  showToast({ tone: 'refused', text: error.message, action: null })
}
