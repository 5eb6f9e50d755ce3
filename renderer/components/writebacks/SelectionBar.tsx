import type { WritebackItem } from '../../../shared/writebacks'
import { shownKeyOf } from '../../state/shortcutKeys'
import { type DeskActs, onlyOne } from '../../state/useDeskActs'
import { allWords, toWhich, type WritebackSelection } from '../../state/useWritebackSelection'
import type { WritebackFilter } from '../../state/useWritebackWindow'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
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
    which === null
      ? writebacksTexts.chooseAWritebackFirst
      : selection.isChoosing
        ? writebacksTexts.theItemsAreStill
        : null
  const undismissable = items?.every((item) => item.records.length === 0)
    ? writebacksTexts.onlyDeadLettersCanBePut
    : null
  const { sort: _, ...asked } = filter
  return (
    <div className={styles.bar}>
      <span role="status" aria-label={writebacksTexts.selection}>
        {count === 0
          ? counted(total, writebacksTexts.writeback)
          : selection.selection.kind === 'all'
            ? writebacksTexts.selected(allWords(filter, count))
            : writebacksTexts.selectedCount(count.toLocaleString('en'))}
      </span>
      {count > 0 && selection.selection.kind === 'some' && total > count && (
        <button type="button" className={controls.plain} onClick={() => selection.chooseAll(filter, total)}>
          {writebacksTexts.selectAllTotal(total.toLocaleString('en'))}
        </button>
      )}
      {count === 0 && total > 1 && (
        <button
          type="button"
          className={controls.plain}
          title={writebacksTexts.key(shownKeyOf('select-all'))}
          onClick={() => selection.chooseAll(filter, total)}
        >
          {writebacksTexts.selectAllWord}
        </button>
      )}
      {count > 0 && (
        <button
          type="button"
          className={controls.plain}
          title={writebacksTexts.key(shownKeyOf('close'))}
          onClick={selection.clear}
        >
          {writebacksTexts.clear}
        </button>
      )}
      <span className={controls.spread} />
      <ActButton
        primary
        keyId="retry"
        refusal={
          nothing ??
          (retryable === 0 ? (why?.kind === 'refused' ? why.reason : writebacksTexts.nothingCanBeRetried) : null)
        }
        onAct={() => which && acts.retry(which)}
      >
        {writebacksTexts.retryWhich(
          counted(items === null ? count : Math.max(retryable, 0), writebacksTexts.writeback),
        )}
        {items === null || items.length > 1 ? '…' : ''}
      </ActButton>
      <ActButton keyId="dismiss" refusal={nothing ?? undismissable} onAct={() => which && acts.dismiss(which)}>
        {writebacksTexts.dismissWord}
        {count > 1 && ` ${count.toLocaleString('en')}`}
      </ActButton>
      <span className={styles.export}>
        {writebacksTexts.export}{' '}
        {(['csv', 'json'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className={controls.plain}
            aria-label={writebacksTexts.exportAs(
              count === 0 ? writebacksTexts.theList : writebacksTexts.theSelection,
              format.toUpperCase(),
            )}
            onClick={() => acts.save(count > 0 ? toWhich(selection.selection) : { filter: asked }, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </span>
    </div>
  )
}
