import { itemOutcomes, operationActs } from '../../../shared/operations'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { navigate } from '../../state/route'
import { shownKeyOf } from '../../state/shortcutKeys'
import controls from '../../styles/controls.module.css'
import { deskHistoryTexts } from '../../texts/en/deskHistory'
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
          aria-label={deskHistoryTexts.act}
          value={ask.act ?? ''}
          onChange={(event) => narrow({ act: event.target.value })}
        >
          <option value="">{deskHistoryTexts.allActs}</option>
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
          aria-label={deskHistoryTexts.outcome}
          value={ask.outcome ?? ''}
          onChange={(event) => narrow({ outcome: event.target.value })}
        >
          <option value="">{deskHistoryTexts.allOutcomes}</option>
          {itemOutcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {outcomeMarks[outcome].word}
            </option>
          ))}
        </select>
      )}
      <input
        className={`${controls.field} ${styles.by}`}
        aria-label={deskHistoryTexts.by}
        placeholder={deskHistoryTexts.byWhom}
        value={ask.by ?? ''}
        onChange={(event) => narrow({ by: event.target.value })}
      />
      <label className={controls.secondary}>
        {deskHistoryTexts.from}{' '}
        <input
          type="date"
          className={controls.field}
          value={ask.from ?? ''}
          onChange={(event) => narrow({ from: event.target.value })}
        />
      </label>
      <label className={controls.secondary}>
        {deskHistoryTexts.to}{' '}
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
        aria-label={deskHistoryTexts.search(noun[1])}
        placeholder={deskHistoryTexts.searchKey(shownKeyOf('search'))}
        value={ask.q ?? ''}
        onChange={(event) => narrow({ q: event.target.value })}
      />
      {total !== null && (
        <span className={controls.secondary} role="status" aria-label={deskHistoryTexts.found}>
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
          {deskHistoryTexts.clearFilter}
        </button>
      )}
    </div>
  )
}
