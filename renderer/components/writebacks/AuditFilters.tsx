import { itemOutcomes, operationActs } from '../../../shared/operations'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { navigate } from '../../state/route'
import { shownKeyOf } from '../../state/shortcutKeys'
import controls from '../../styles/controls.module.css'
import { actWords, outcomeMarks } from '../../texts/operationWords'
import styles from './AuditFilters.module.css'

/** What narrows operations and audit. */
export function AuditFilters({
  route,
  total,
  noun,
  withOutcome = false,
  withAct = true,
}: {
  readonly route: DeskRoute
  /** How many there are; null until it is known. */
  readonly total: number | null
  /** One of what is listed, such as "operation". */
  readonly noun: readonly [string, string]
  readonly withOutcome?: boolean
  readonly withAct?: boolean
}) {
  const { ask = {} } = route
  const narrow = (change: Parameters<typeof narrowed>[1]): void => navigate(narrowed(route, change), { replace: true })
  const isNarrow = Object.keys(ask).length > 0
  return (
    <div className={`${controls.bar} ${styles.filters}`}>
      {withAct && (
        <select
          className={controls.field}
          aria-label="Act"
          value={ask.act ?? ''}
          onChange={(event) => narrow({ act: event.target.value })}
        >
          <option value="">All acts</option>
          {operationActs.map((act) => (
            <option key={act} value={act}>
              {actWords[act]}
            </option>
          ))}
        </select>
      )}
      {withOutcome && (
        <select
          className={controls.field}
          aria-label="Outcome"
          value={ask.outcome ?? ''}
          onChange={(event) => narrow({ outcome: event.target.value })}
        >
          <option value="">All outcomes</option>
          {itemOutcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {outcomeMarks[outcome].word}
            </option>
          ))}
        </select>
      )}
      <input
        className={`${controls.field} ${styles.by}`}
        aria-label="By"
        placeholder="By whom"
        value={ask.by ?? ''}
        onChange={(event) => narrow({ by: event.target.value })}
      />
      <label className={controls.secondary}>
        from{' '}
        <input
          type="date"
          className={controls.field}
          value={ask.from ?? ''}
          onChange={(event) => narrow({ from: event.target.value })}
        />
      </label>
      <label className={controls.secondary}>
        to{' '}
        <input
          type="date"
          className={controls.field}
          value={ask.to ?? ''}
          onChange={(event) => narrow({ to: event.target.value })}
        />
      </label>
      <input
        type="search"
        className={`${controls.field} ${styles.search}`}
        aria-label={`Search ${noun[1]}`}
        placeholder={`Search  ( ${shownKeyOf('search')} )`}
        value={ask.q ?? ''}
        onChange={(event) => narrow({ q: event.target.value })}
      />
      {total !== null && (
        <span className={controls.secondary} role="status" aria-label="Found">
          {total.toLocaleString('en')} {total === 1 ? noun[0] : noun[1]}
        </span>
      )}
      {isNarrow && (
        <button
          type="button"
          className={controls.plain}
          onClick={() => {
            const { ask: _, ...all } = route
            navigate(all, { replace: true })
          }}
        >
          Clear filter
        </button>
      )}
    </div>
  )
}
