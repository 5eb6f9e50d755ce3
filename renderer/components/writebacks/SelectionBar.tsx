import type { WritebackItem } from '../../../shared/writebacks'
import { shownKeyOf } from '../../state/shortcutKeys'
import { type DeskActs, onlyOne } from '../../state/useDeskActs'
import { allWords, toWhich, type WritebackSelection } from '../../state/useWritebackSelection'
import type { WritebackFilter } from '../../state/useWritebackWindow'
import controls from '../../styles/controls.module.css'
import { counted } from '../../texts/words'
import { ActButton } from '../ActButton'
import styles from './SelectionBar.module.css'

/** What is chosen, and what can be done with it: the chosen ones, else the one under the cursor. */
export function SelectionBar({
  selection,
  active,
  filter,
  total,
  acts,
}: {
  readonly selection: WritebackSelection
  readonly active: WritebackItem | undefined
  readonly filter: WritebackFilter
  readonly total: number
  readonly acts: DeskActs
}) {
  const { count } = selection
  const which = count > 0 ? selection.selection : active ? onlyOne(active) : null
  const items = which?.kind === 'some' ? [...which.items.values()] : null
  const retryable = items === null ? count : items.filter((item) => item.retry.kind === 'allowed').length
  const why = items?.find((item) => item.retry.kind === 'refused')?.retry
  const nothing =
    which === null ? 'Choose a writeback first.' : selection.isChoosing ? 'The items are still being chosen.' : null
  const undismissable = items?.every((item) => item.records.length === 0)
    ? 'Only dead letters can be put aside: its evidence is in the outbox, and goes when it is delivered.'
    : null
  const { sort: _, ...asked } = filter
  return (
    <div className={styles.bar}>
      <span role="status" aria-label="Selection">
        {count === 0
          ? counted(total, 'writeback')
          : selection.selection.kind === 'all'
            ? `${allWords(filter, count)} selected`
            : `${count.toLocaleString('en')} selected`}
      </span>
      {count > 0 && selection.selection.kind === 'some' && total > count && (
        <button type="button" className={controls.plain} onClick={() => selection.chooseAll(filter, total)}>
          Select all {total.toLocaleString('en')}
        </button>
      )}
      {count === 0 && total > 1 && (
        <button
          type="button"
          className={controls.plain}
          title={`Key: ${shownKeyOf('select-all')}`}
          onClick={() => selection.chooseAll(filter, total)}
        >
          Select all
        </button>
      )}
      {count > 0 && (
        <button
          type="button"
          className={controls.plain}
          title={`Key: ${shownKeyOf('close')}`}
          onClick={selection.clear}
        >
          Clear
        </button>
      )}
      <span className={controls.spread} />
      <ActButton
        primary
        keyId="retry"
        refusal={
          nothing ?? (retryable === 0 ? (why?.kind === 'refused' ? why.reason : 'Nothing can be retried.') : null)
        }
        onAct={() => which && acts.retry(which)}
      >
        Retry {counted(items === null ? count : Math.max(retryable, 0), 'writeback')}
        {items === null || items.length > 1 ? '…' : ''}
      </ActButton>
      <ActButton keyId="dismiss" refusal={nothing ?? undismissable} onAct={() => which && acts.dismiss(which)}>
        Dismiss{count > 1 && ` ${count.toLocaleString('en')}`}
      </ActButton>
      <span className={styles.export}>
        Export{' '}
        {(['csv', 'json'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className={controls.plain}
            aria-label={`Export ${count === 0 ? 'the list' : 'the selection'} as ${format.toUpperCase()}`}
            onClick={() => acts.save(count > 0 ? toWhich(selection.selection) : { filter: asked }, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </span>
    </div>
  )
}
