import { type ColumnChoice, changedColumn, columnFacts, movedColumn } from '../../state/runColumns'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import styles from './ColumnMenu.module.css'
import { Popover } from './Popover'

/** Which columns there are, and in which order. */
export function ColumnMenu({
  columns,
  onColumns,
  onReset,
}: {
  readonly columns: readonly ColumnChoice[]
  readonly onColumns: (columns: readonly ColumnChoice[]) => void
  readonly onReset: () => void
}) {
  return (
    <Popover label={runsTexts.columns} words={runsTexts.columns}>
      {() => (
        <>
          <ul className={styles.columns} data-group>
            {columns.map(({ id, shown }, place) => {
              const { word } = columnFacts[id]
              return (
                <li key={id} className={styles.column}>
                  <label>
                    <input
                      type="checkbox"
                      checked={shown}
                      disabled={id === 'workflow'}
                      onChange={() => onColumns(changedColumn(columns, id, { shown: !shown }))}
                    />{' '}
                    {word}
                  </label>
                  <button
                    type="button"
                    className={controls.plain}
                    aria-label={runsTexts.moveForward(word)}
                    disabled={place === 0}
                    onClick={() => onColumns(movedColumn(columns, id, -1))}
                  >
                    ↑
                  </button>
                  <button
                    type="button"
                    className={controls.plain}
                    aria-label={runsTexts.moveBack(word)}
                    disabled={place === columns.length - 1}
                    onClick={() => onColumns(movedColumn(columns, id, 1))}
                  >
                    ↓
                  </button>
                </li>
              )
            })}
          </ul>
          <p className={`${controls.secondary} ${styles.note}`}>{runsTexts.columnsForWhichThere}</p>
          <button type="button" className={controls.button} onClick={onReset}>
            {runsTexts.resetColumns}
          </button>
        </>
      )}
    </Popover>
  )
}
