import { useState } from 'react'
import type { WritebackGroup } from '../../../shared/writebacks'
import { useReadOnly } from '../../state/appInfo'
import { useClient } from '../../state/client'
import { refuse } from '../../state/toasts'
import controls from '../../styles/controls.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { ago, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import { ActButton } from '../ActButton'
import styles from './CauseCard.module.css'

const hourMs = 3_600_000
/** How a cause can be marked; an ignored one with for how long, in ms. */
const marks = [
  { name: 'open', word: writebacksTexts.open, state: 'open', forMs: null },
  { name: 'resolved', word: writebacksTexts.resolvedUntilItHappens, state: 'resolved', forMs: null },
  { name: 'ignored-1h', word: writebacksTexts.ignoredForAnHour, state: 'ignored', forMs: hourMs },
  { name: 'ignored-24h', word: writebacksTexts.ignoredForADay, state: 'ignored', forMs: 24 * hourMs },
  { name: 'ignored-7d', word: writebacksTexts.ignoredForAWeek, state: 'ignored', forMs: 7 * 24 * hourMs },
  { name: 'ignored', word: writebacksTexts.ignoredForEver, state: 'ignored', forMs: null },
] as const

/** What people say of a cause: its state, and notes for each other. */
export function CauseCard({
  group,
  nowMs,
  onSelect,
  onExport,
}: {
  readonly group: WritebackGroup
  readonly nowMs: number
  readonly onSelect: () => void
  readonly onExport: () => void
}) {
  const client = useClient()
  const readOnly = useReadOnly()
  const [note, setNote] = useState('')
  const mark = (name: string): void => {
    const chosen = marks.find((known) => known.name === name)
    if (!chosen) return
    const until = chosen.forMs === null ? null : new Date(Date.now() + chosen.forMs).toISOString()
    client.request('writebacks:setGroup', { groupKey: group.key, state: chosen.state, until }).catch(refuse)
  }
  const addNote = (): void => {
    client.request('writebacks:addNote', { groupKey: group.key, text: note }).then(() => setNote(''), refuse)
  }
  return (
    <section className={styles.card} aria-label={writebacksTexts.chosenCause}>
      <p className={styles.title}>{group.title}</p>
      <p className={controls.secondary}>
        {group.provider && <>{writebacksTexts.provider(group.provider)} </>}
        {writebacksTexts.inFirst(counted(group.mounts, writebacksTexts.mount))}{' '}
        <span title={fullTime(group.firstFailedAt)}>{ago(group.firstFailedAt, nowMs)}</span>
        {writebacksTexts.last} <span title={fullTime(group.lastFailedAt)}>{ago(group.lastFailedAt, nowMs)}</span>
      </p>
      <label className={styles.mark}>
        {writebacksTexts.thisCauseIs}{' '}
        <select
          className={controls.field}
          value={markOf(group)}
          disabled={readOnly !== null}
          title={readOnly ?? undefined}
          onChange={(event) => mark(event.target.value)}
        >
          {marks.map(({ name, word }) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
          {markOf(group) === 'until' && (
            <option value="until">
              {writebacksTexts.ignoredUntil(new Date(group.ignoredUntil ?? 0).toLocaleString('en-GB'))}
            </option>
          )}
        </select>
      </label>
      <div className={styles.acts}>
        <button type="button" className={controls.button} onClick={onSelect}>
          {writebacksTexts.selectAll(group.count.toLocaleString('en'))}
        </button>
        <button type="button" className={controls.button} onClick={onExport}>
          {writebacksTexts.exportCsv}
        </button>
      </div>
      <details open={group.notes.length > 0}>
        <summary>
          {group.notes.length === 0 ? writebacksTexts.notes : counted(group.notes.length, writebacksTexts.note)}
        </summary>
        <ul className={styles.notes}>
          {group.notes.map(({ id, at, by, text }) => (
            <li key={id}>
              {text}
              <span className={controls.secondary} title={fullTime(at)}>
                {' '}
                {by}, {ago(at, nowMs)}
              </span>
            </li>
          ))}
        </ul>
        <textarea
          className={`${controls.field} ${styles.field}`}
          aria-label={writebacksTexts.newNote}
          rows={2}
          maxLength={10_000}
          placeholder={writebacksTexts.aNoteForYourColleagues}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <ActButton refusal={note.trim() === '' ? writebacksTexts.writeSomethingFirst : null} onAct={addNote}>
          {writebacksTexts.addNote}
        </ActButton>
      </details>
    </section>
  )
}

function markOf({ state, ignoredUntil }: WritebackGroup): string {
  return state === 'ignored' && ignoredUntil !== null ? 'until' : state
}
