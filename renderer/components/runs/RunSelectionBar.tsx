import { useReadOnly } from '../../state/appInfo'
import { shownKeyOf } from '../../state/shortcutKeys'
import type { RunSelection } from '../../state/useRunSelection'
import type { RunWindow } from '../../state/useRunWindow'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
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
      <span role="status" aria-label={runsTexts.selection}>
        {choice.kind === 'all'
          ? runsTexts.allSelected(count.toLocaleString('en'))
          : runsTexts.selected(count.toLocaleString('en'))}
      </span>
      {choice.kind === 'some' && list.total > count && (
        <button
          type="button"
          className={controls.plain}
          title={runsTexts.key(shownKeyOf('select-all'))}
          onClick={() => selection.chooseAll(list)}
        >
          {runsTexts.selectAllMatching(list.total.toLocaleString('en'))}
        </button>
      )}
      <button
        type="button"
        className={controls.plain}
        title={runsTexts.key(shownKeyOf('close'))}
        onClick={selection.clear}
      >
        {runsTexts.clear}
      </button>
      <span className={controls.spread} />
      <ActButton
        primary
        keyId="cancel"
        refusal={readOnly ?? (selection.isChoosing ? runsTexts.theRunsAreStill : null)}
        onAct={onCancel}
      >
        {runsTexts.cancelCount(counted(count, runsTexts.run))}
      </ActButton>
    </div>
  )
}
