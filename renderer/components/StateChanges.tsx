import { useState } from 'react'
import type { StepState } from '../../shared/runs'
import type { StateChange } from '../state/stateChanges'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { counted } from '../texts/words'
import { DiffLines } from './DiffLines'
import styles from './StateChanges.module.css'

const words = { added: runTexts.added, changed: runTexts.changed, removed: runTexts.removed } as const
const marks = { added: '+', changed: '~', removed: '−' } as const
/** Longer differences are folded to this many lines. */
const foldedLines = 14

/** What a step changed of the state, key by key. */
export function StateChanges({
  name,
  committed,
  finished,
  changes,
  before,
  conflicts,
}: {
  readonly name: string
  /** Did the step commit a change? */
  readonly committed: boolean
  readonly finished: boolean
  readonly changes: readonly StateChange[]
  readonly before: StepState['before']
  readonly conflicts: readonly { readonly key: string; readonly with: string }[]
}) {
  const found = Object.keys(before).length
  return (
    <>
      <h2>{runTexts.whatChanged(name)}</h2>
      {changes.length === 0 && (
        <p className={controls.secondary}>
          {finished ? runTexts.nothing(committed ? runTexts.itWroteWhatWasThere : '') : runTexts.nothingOnlyAStep}
        </p>
      )}
      {changes.map((change) => (
        <Change key={change.key} change={change} conflict={conflicts.find(({ key }) => key === change.key)?.with} />
      ))}
      <details className={styles.before}>
        <summary>{runTexts.whatItFound(counted(found, runTexts.key))}</summary>
        <pre className={controls.code}>{JSON.stringify(before, null, 2)}</pre>
      </details>
    </>
  )
}

function Change({ change, conflict }: { readonly change: StateChange; readonly conflict: string | undefined }) {
  const [open, setOpen] = useState(false)
  const { key, kind, lines } = change
  const folded = !open && lines.length > foldedLines
  return (
    <section className={styles.change} aria-label={`${words[kind]} ${key}`}>
      <h3>
        <span aria-hidden="true" className={styles[kind]}>
          {marks[kind]}
        </span>{' '}
        <span className="mono">{key}</span> <span className={controls.secondary}>{words[kind].toLowerCase()}</span>
      </h3>
      {conflict !== undefined && <p className={styles.conflict}>{runTexts.changedItAtTheSame(conflict)}</p>}
      <DiffLines label={runTexts.differenceOf(key)} lines={folded ? lines.slice(0, foldedLines) : lines} />
      {lines.length > foldedLines && (
        <button type="button" className={controls.plain} onClick={() => setOpen(!open)}>
          {folded ? runTexts.showAllLines(lines.length.toLocaleString('en')) : runTexts.showLess}
        </button>
      )}
    </section>
  )
}
