import type { RefObject } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { shownKeyOf } from '../state/shortcutKeys'
import type { LogQuestion, LogSearch } from '../state/useLogSearch'
import controls from '../styles/controls.module.css'
import { logsTexts } from '../texts/en/logs'
import { counted } from '../texts/words'
import styles from './LogBar.module.css'

/** The search of a log: how often it was found, which hit is shown, and the way to the next one. */
export function LogSearchBox({
  question,
  search,
  field,
  onQuestion,
}: {
  readonly question: LogQuestion
  readonly search: LogSearch
  readonly field: RefObject<HTMLInputElement | null>
  readonly onQuestion: (change: Partial<LogQuestion>) => void
}) {
  return (
    <search className={styles.search}>
      <input
        ref={field}
        type="search"
        className={controls.field}
        aria-label={logsTexts.searchTheLog}
        placeholder={logsTexts.searchTheLogKey(shownKeyOf('log-search'))}
        value={question.query}
        onChange={(event) => onQuestion({ query: event.target.value })}
        onKeyDown={(event) => {
          if (isKey(event, 'log-hit-before')) search.go(-1)
          else if (isKey(event, 'log-hit')) search.go(1)
          else if (isKey(event, 'close') && question.query === '') event.currentTarget.blur()
        }}
      />
      <Option
        label={logsTexts.matchCase}
        sign="Aa"
        on={question.caseSensitive}
        onChange={(caseSensitive) => onQuestion({ caseSensitive })}
      />
      <Option
        label={logsTexts.regularExpression}
        sign=".*"
        on={question.regex}
        onChange={(regex) => onQuestion({ regex })}
      />
      <span role="status" aria-label={logsTexts.hits} className={styles.hits}>
        {hitWords(search)}
      </span>
      <button
        type="button"
        className={controls.button}
        aria-label={logsTexts.previousHit}
        title={shownKeyOf('log-hit-before')}
        disabled={!search.hits}
        onClick={() => search.go(-1)}
      >
        ↑
      </button>
      <button
        type="button"
        className={controls.button}
        aria-label={logsTexts.nextHit}
        title={shownKeyOf('log-hit')}
        disabled={!search.hits}
        onClick={() => search.go(1)}
      >
        ↓
      </button>
    </search>
  )
}

function Option({
  label,
  sign,
  on,
  onChange,
}: {
  readonly label: string
  readonly sign: string
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      className={`mono ${controls.chip}`}
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={() => onChange(!on)}
    >
      {sign}
    </button>
  )
}

function hitWords({ hits, at, busy, refusal, truncated }: LogSearch): string {
  if (refusal !== null) return refusal
  if (busy) return logsTexts.searching
  if (hits === null) return ''
  const many = `${counted(hits, logsTexts.hit)}${truncated ? logsTexts.orMore : ''}`
  return hits > 0 && at !== null ? `${(at + 1).toLocaleString('en')} of ${many}` : many
}
