import { useState } from 'react'
import { durationText, parseDurationMs } from '../../../shared/rules/durationText'
import type { RunWhere } from '../../../shared/rules/runWhere'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import type { ChangeWhere } from './FilterMenu'
import styles from './FilterMenu.module.css'

/** How long runs took: longer than, shorter than. */
export function DurationChoice({ where, onChange }: { readonly where: RunWhere; readonly onChange: ChangeWhere }) {
  return (
    <div className={styles.fields}>
      <DurationField words={runsTexts.longerThan} ms={where.longerMs} onChange={(longerMs) => onChange({ longerMs })} />
      <DurationField
        words={runsTexts.shorterThan}
        ms={where.shorterMs}
        onChange={(shorterMs) => onChange({ shorterMs })}
      />
    </div>
  )
}

function DurationField({
  words,
  ms,
  onChange,
}: {
  readonly words: string
  readonly ms: number | undefined
  readonly onChange: (ms: number | undefined) => void
}) {
  const [text, setText] = useState(ms === undefined ? '' : durationText(ms))
  const isWrong = text.trim() !== '' && parseDurationMs(text) === null
  return (
    <label>
      {words}
      <input
        className={controls.field}
        placeholder="90s, 5m, 1h 30m"
        aria-invalid={isWrong}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          const typed = parseDurationMs(event.target.value)
          if (typed !== null || event.target.value.trim() === '') onChange(typed ?? undefined)
        }}
      />
      {isWrong && <span className={styles.wrong}>{runsTexts.typeANumberWithItsUnit}</span>}
    </label>
  )
}
