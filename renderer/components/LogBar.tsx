import type { RefObject } from 'react'
import { type LogFilter, logFilters } from '../../shared/logs'
import { type LogLevel, logLevels } from '../../shared/rules/logLevel'
import type { RunDetail, Step } from '../../shared/runs'
import { shownKeyOf } from '../state/shortcutKeys'
import type { LogQuestion, LogSearch } from '../state/useLogSearch'
import controls from '../styles/controls.module.css'
import { logsTexts } from '../texts/en/logs'
import { statusWord } from '../texts/words'
import styles from './LogBar.module.css'
import { LogSearchBox } from './LogSearchBox'
import { StepChoice } from './StepChoice'

const filterWords: Readonly<Record<LogFilter, string>> = { all: logsTexts.all, stdout: 'stdout', stderr: 'stderr' }

/** What a choice of levels is called. */
export const levelWords: Readonly<Record<LogLevel, string>> = {
  all: logsTexts.allLevels,
  info: logsTexts.informationAndUp,
  warning: logsTexts.warningsAndErrors,
  error: logsTexts.errors,
}

/** Which attempt, stream and levels of a log is shown, and what is looked for in it. */
export function LogBar({
  run,
  step,
  attempt,
  hasLog,
  stream,
  level,
  question,
  search,
  searchField,
  follow,
  onStep,
  onAttempt,
  onStream,
  onLevel,
  onQuestion,
  onFirstError,
  onFollow,
  onCopy,
}: {
  readonly run: RunDetail
  readonly step: Step
  /** Null is the newest. */
  readonly attempt: number | 'rollback' | null
  /** Is there anything to read, or may there be? */
  readonly hasLog: boolean
  readonly stream: LogFilter
  readonly level: LogLevel
  readonly question: LogQuestion
  readonly search: LogSearch
  readonly searchField: RefObject<HTMLInputElement | null>
  /** Is the end kept in sight? Null when nothing is written any more. */
  readonly follow: boolean | null
  readonly onStep: (stepId: string) => void
  readonly onAttempt: (attempt: number | 'rollback') => void
  readonly onStream: (stream: LogFilter) => void
  readonly onLevel: (level: LogLevel) => void
  readonly onQuestion: (change: Partial<LogQuestion>) => void
  readonly onFirstError: () => void
  readonly onFollow: () => void
  readonly onCopy: () => void
}) {
  const newest = step.attempts.at(-1)?.number ?? 1
  return (
    <div className={controls.bar}>
      <StepChoice run={run} chosen={step} onSelect={onStep} />
      {(step.attempts.length > 1 || step.rollback) && (
        <label>
          {logsTexts.attempt}{' '}
          <select
            aria-label={logsTexts.attempt}
            className={controls.field}
            value={attempt ?? newest}
            onChange={(event) => onAttempt(event.target.value === 'rollback' ? 'rollback' : Number(event.target.value))}
          >
            {step.attempts.map(({ number, status }) => (
              <option key={number} value={number}>
                {number} ({statusWord(status).word.toLowerCase()})
              </option>
            ))}
            {step.rollback && <option value="rollback">{logsTexts.rollback}</option>}
          </select>
        </label>
      )}
      {hasLog && (
        <>
          <fieldset className={styles.streams} aria-label={logsTexts.stream}>
            {logFilters.map((name) => (
              <button
                key={name}
                type="button"
                className={controls.chip}
                aria-pressed={stream === name}
                onClick={() => onStream(name)}
              >
                {filterWords[name]}
              </button>
            ))}
          </fieldset>
          <select
            aria-label={logsTexts.level}
            className={controls.field}
            value={level}
            onChange={(event) => onLevel(logLevels.find((name) => name === event.target.value) ?? 'all')}
          >
            {logLevels.map((name) => (
              <option key={name} value={name}>
                {levelWords[name]}
              </option>
            ))}
          </select>
          <span className={controls.spread} />
          <button
            type="button"
            className={controls.button}
            title={logsTexts.key(shownKeyOf('log-error'))}
            onClick={onFirstError}
          >
            {logsTexts.firstError}
          </button>
          {follow !== null && (
            <button
              type="button"
              className={controls.chip}
              title={logsTexts.key(shownKeyOf('follow'))}
              aria-pressed={follow}
              onClick={onFollow}
            >
              {logsTexts.follow}
            </button>
          )}
          <button type="button" className={controls.button} onClick={onCopy}>
            {logsTexts.copy}
          </button>
          <LogSearchBox question={question} search={search} field={searchField} onQuestion={onQuestion} />
        </>
      )}
    </div>
  )
}
