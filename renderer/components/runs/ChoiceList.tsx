import { useState } from 'react'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import styles from './FilterMenu.module.css'

const mostShown = 60

/** Values to choose several of, each with the exact count of runs that have it. */
export function ChoiceList<T extends string>({
  counts,
  always = [],
  chosen,
  searched = false,
  toWord,
  onChoose,
}: {
  readonly counts: Readonly<Record<string, number>>
  /** Stand there also when no run has them; without any what there is stands there, the commonest first. */
  readonly always?: readonly T[]
  readonly chosen: readonly T[]
  readonly searched?: boolean
  readonly toWord: (value: T) => string
  readonly onChoose: (values: readonly T[]) => void
}) {
  const [text, setText] = useState('')
  const counted = Object.entries(counts)
    .sort((left, right) => right[1] - left[1])
    .map(([value]) => value as T)
  const values = always.length > 0 ? always : [...new Set([...counted, ...chosen])]
  const found = values.filter((value) => toWord(value).toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <>
      {searched && values.length > 8 && (
        <input
          type="search"
          className={controls.field}
          aria-label={runsTexts.findAName}
          placeholder={runsTexts.findAName}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <div className={styles.choices} data-group>
        {found.slice(0, mostShown).map((value) => (
          <label key={value} className={styles.choice} title={toWord(value)}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() =>
                onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
              }
            />
            <span className={`${controls.ellipsis} ${styles.name}`}>{toWord(value)}</span>{' '}
            <span>{(counts[value] ?? 0).toLocaleString('en')}</span>
          </label>
        ))}
      </div>
      {found.length === 0 && <p className={controls.secondary}>{runsTexts.thereIsNone}</p>}
      {found.length > mostShown && <p className={controls.secondary}>{runsTexts.typeAPartOfTheName}</p>}
    </>
  )
}
