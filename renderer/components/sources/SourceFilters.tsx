import { type RefObject, useEffect, useState } from 'react'
import type { Source } from '../../../shared/sources'
import { type SourceNarrowing, sourcePeriods } from '../../state/sourceRoute'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { engineWord } from '../../texts/sourceWords'
import styles from './SourceFilters.module.css'

/** So long after the last key a text counts, in ms: every question costs the server a query. */
const settleMs = 350

const textFilters = [
  ['workflowName', sourcesTexts.workflowName],
  ['idPrefix', sourcesTexts.idBeginsWith],
  ['queueName', sourcesTexts.queue],
  ['applicationVersion', sourcesTexts.version],
] as const

/** What the list of remote runs is narrowed by; the server does the narrowing. */
export function SourceFilters({
  source,
  where,
  first,
  onChange,
}: {
  readonly source: Source
  readonly where: SourceNarrowing
  /** The field that the search key goes to. */
  readonly first: RefObject<HTMLInputElement | null>
  readonly onChange: (where: SourceNarrowing) => void
}) {
  const set = (name: keyof SourceNarrowing, value: string): void => {
    const { [name]: _, ...rest } = where
    onChange(value === '' ? rest : { ...rest, [name]: value })
  }
  const texts = textFilters.filter(([name]) => source.filters.includes(name))
  return (
    <search className={styles.filters} aria-label={sourcesTexts.filters}>
      {texts.map(([name, label]) => (
        <TextFilter
          key={name}
          label={label}
          field={name === 'workflowName' ? first : undefined}
          value={where[name]}
          onSettle={(value) => set(name, value)}
        />
      ))}
      {source.filters.includes('statuses') && (
        <select
          className={controls.field}
          aria-label={sourcesTexts.status}
          value={where.status ?? ''}
          onChange={(event) => set('status', event.target.value)}
        >
          <option value="">{sourcesTexts.anyStatus}</option>
          {source.statuses.map((status) => (
            <option key={status} value={status}>
              {engineWord(status)}
            </option>
          ))}
        </select>
      )}
      {source.filters.includes('from') && (
        <select
          className={controls.field}
          aria-label={sourcesTexts.created}
          value={where.within ?? ''}
          onChange={(event) => set('within', event.target.value)}
        >
          <option value="">{sourcesTexts.anyTime}</option>
          {sourcePeriods.map((period) => (
            <option key={period} value={period}>
              {sourcesTexts.periods[period]}
            </option>
          ))}
        </select>
      )}
      {where.parentRunId !== undefined && (
        <Dropped what={sourcesTexts.childrenOf(where.parentRunId)} onDrop={() => set('parentRunId', '')} />
      )}
      {where.forkedFrom !== undefined && (
        <Dropped what={sourcesTexts.forksOf(where.forkedFrom)} onDrop={() => set('forkedFrom', '')} />
      )}
      {Object.keys(where).length > 0 && (
        <button type="button" className={controls.plain} onClick={() => onChange({})}>
          {sourcesTexts.clearFilters}
        </button>
      )}
    </search>
  )
}

/** A filter that was chosen elsewhere and can only be given up here. */
function Dropped({ what, onDrop }: { readonly what: string; readonly onDrop: () => void }) {
  return (
    <button
      type="button"
      className={`${controls.chip} ${controls.ellipsis}`}
      aria-label={sourcesTexts.dropFilter(what)}
      title={what}
      onClick={onDrop}
    >
      {what} ✕
    </button>
  )
}

/** A text that counts a moment after the last key, or at once with Enter. */
function TextFilter({
  label,
  value = '',
  field,
  onSettle,
}: {
  readonly label: string
  readonly value?: string | undefined
  readonly field?: RefObject<HTMLInputElement | null> | undefined
  readonly onSettle: (value: string) => void
}) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onSettle(typed.trim()), settleMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <input
      ref={field}
      type="search"
      className={`${controls.field} ${styles.text}`}
      aria-label={label}
      placeholder={label}
      maxLength={1000}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
