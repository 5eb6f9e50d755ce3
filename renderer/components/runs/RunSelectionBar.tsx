import { useReadOnly } from '../../state/appInfo'
import { shownKeyOf } from '../../state/shortcutKeys'
import type { RunSelection } from '../../state/useRunSelection'
import type { RunWindow } from '../../state/useRunWindow'
import controls from '../../styles/controls.module.css'
import { counted } from '../../texts/words'
import { ActButton } from '../ActButton'
import styles from './RunsBar.module.css'

/** What is chosen, and what can be done with it. */
export function RunSelectionBar({
  list,
  selection,
  onCancel,
}: {
  readonly list: RunWindow
  readonly selection: RunSelection
  readonly onCancel: () => void
}) {
  const readOnly = useReadOnly()
  const { count, choice } = selection
  return (
    <div className={`${styles.tools} ${styles.over}`}>
      <span role="status" aria-label="Selection">
        {choice.kind === 'all'
          ? `All ${count.toLocaleString('en')} selected`
          : `${count.toLocaleString('en')} selected`}
      </span>
      {choice.kind === 'some' && list.total > count && (
        <button
          type="button"
          className={controls.plain}
          title={`Key: ${shownKeyOf('select-all')}`}
          onClick={() => selection.chooseAll(list)}
        >
          Select all {list.total.toLocaleString('en')} matching
        </button>
      )}
      <button type="button" className={controls.plain} title={`Key: ${shownKeyOf('close')}`} onClick={selection.clear}>
        Clear
      </button>
      <span className={controls.spread} />
      <ActButton
        primary
        keyId="cancel"
        refusal={readOnly ?? (selection.isChoosing ? 'The runs are still being chosen.' : null)}
        onAct={onCancel}
      >
        Cancel {counted(count, 'run')}…
      </ActButton>
    </div>
  )
}
