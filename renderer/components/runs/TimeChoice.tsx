import { type RunWhere, startedWithin } from '../../../shared/rules/runWhere'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { withinWords } from '../../texts/whereWords'
import type { ChangeWhere } from './FilterMenu'
import styles from './FilterMenu.module.css'

/** When runs started: within a time up to now, or from one moment to another. */
export function TimeChoice({ where, onChange }: { readonly where: RunWhere; readonly onChange: ChangeWhere }) {
  return (
    <>
      <div className={styles.choices} data-group>
        {startedWithin.map((within) => (
          <label key={within} className={styles.choice}>
            <input
              type="checkbox"
              checked={where.within === within}
              onChange={() =>
                onChange({ within: where.within === within ? undefined : within, from: undefined, to: undefined })
              }
            />
            {withinWords[within]}
          </label>
        ))}
      </div>
      <div className={styles.fields}>
        <Moment words={runsTexts.from} at={where.from} onChange={(from) => onChange({ from, within: undefined })} />
        <Moment words={runsTexts.before} at={where.to} onChange={(to) => onChange({ to, within: undefined })} />
      </div>
    </>
  )
}

function Moment({
  words,
  at,
  onChange,
}: {
  readonly words: string
  readonly at: string | undefined
  readonly onChange: (at: string | undefined) => void
}) {
  return (
    <label>
      {words}
      <input
        type="datetime-local"
        className={controls.field}
        value={at === undefined ? '' : toLocalField(at)}
        onChange={(event) => {
          const date = new Date(event.target.value)
          onChange(event.target.value === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString())
        }}
      />
    </label>
  )
}

/** The local time as the field takes it: 2026-11-20T10:00. */
function toLocalField(at: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
