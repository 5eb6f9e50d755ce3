import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { counted } from '../../texts/words'
import styles from './NewRuns.module.css'

/** Says over the list, which stays as it is, what has changed in it, and brings it in. */
export function NewRuns({
  newRows,
  goneRows,
  onTop,
  onShow,
}: {
  readonly newRows: number
  /** So many no longer fit what is asked. */
  readonly goneRows: number
  /** New runs stand on top in this order. */
  readonly onTop: boolean
  readonly onShow: () => void
}) {
  if (newRows === 0 && goneRows === 0) return null
  const parts = [
    ...(newRows > 0 ? [counted(newRows, runsTexts.newRun)] : []),
    ...(goneRows > 0 ? [runsTexts.noLonger(goneRows.toLocaleString('en'), goneRows === 1 ? 'fits' : 'fit')] : []),
  ]
  return (
    <button type="button" className={`${controls.button} ${styles.pill}`} onClick={onShow}>
      {onTop && newRows > 0 ? '↑' : '↻'} {parts.join(', ')}
    </button>
  )
}
