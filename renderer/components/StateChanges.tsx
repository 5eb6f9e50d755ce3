import { useState } from 'react'
import type { StepState } from '../../shared/runs'
import type { StateChange } from '../state/stateChanges'
import controls from '../styles/controls.module.css'
import { counted } from '../texts/words'
import { DiffLines } from './DiffLines'
import styles from './StateChanges.module.css'

const words = { added: 'Added', changed: 'Changed', removed: 'Removed' } as const
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
      <h2>What {name} changed</h2>
      {changes.length === 0 && (
        <p className={controls.secondary}>
          {finished
            ? `Nothing. ${committed ? 'It wrote what was there already.' : ''}`
            : 'Nothing: only a step that succeeds changes the state.'}
        </p>
      )}
      {changes.map((change) => (
        <Change key={change.key} change={change} conflict={conflicts.find(({ key }) => key === change.key)?.with} />
      ))}
      <details className={styles.before}>
        <summary>What it found: {counted(found, 'key')}</summary>
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
      {conflict !== undefined && (
        <p className={styles.conflict}>⚠ {conflict} changed it at the same time; this value counts.</p>
      )}
      <DiffLines label={`Difference of ${key}`} lines={folded ? lines.slice(0, foldedLines) : lines} />
      {lines.length > foldedLines && (
        <button type="button" className={controls.plain} onClick={() => setOpen(!open)}>
          {folded ? `Show all ${lines.length.toLocaleString('en')} lines` : 'Show less'}
        </button>
      )}
    </section>
  )
}
