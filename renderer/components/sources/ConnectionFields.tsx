import { useId } from 'react'
import { passwordPlaces, tlsModes } from '../../../shared/sources'
import type { ConnectionDraft } from '../../state/connectionDraft'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import styles from './SourceDialog.module.css'

type TextName = 'variable' | 'service' | 'host' | 'port' | 'database' | 'user'
const textsOf: Readonly<Record<ConnectionDraft['from'], readonly TextName[]>> = {
  environment: ['variable'],
  service: ['service'],
  server: ['host', 'port', 'database', 'user'],
}

/** How a server is reached: where that stands, or all of it. */
export function ConnectionFields({
  draft,
  keychain,
  hasSecret,
  onChange,
}: {
  readonly draft: ConnectionDraft
  /** Why the system's keychain keeps no passwords; null when it does. */
  readonly keychain: string | null
  /** Is there a stored password that stays when none is typed? */
  readonly hasSecret: boolean
  readonly onChange: (draft: ConnectionDraft) => void
}) {
  const id = useId()
  const set = (change: Partial<ConnectionDraft>): void => onChange({ ...draft, ...change })
  const places = passwordPlaces.filter((place) => place !== 'keychain' || keychain === null)
  return (
    <div className={styles.fields}>
      <Choice
        label={sourcesTexts.from}
        value={draft.from}
        choices={['environment', 'service', 'server'] as const}
        words={sourcesTexts.fromWords}
        onChoose={(from) => set({ from })}
      />
      {textsOf[draft.from].map((name) => (
        <label key={name} className={styles.field}>
          {sourcesTexts[name]}
          <input
            className={`${controls.field} ${name === 'port' ? '' : 'mono'}`}
            value={draft[name]}
            required
            spellCheck={false}
            autoComplete="off"
            inputMode={name === 'port' ? 'numeric' : undefined}
            onChange={(event) => set({ [name]: event.target.value.trim() })}
          />
        </label>
      ))}
      {draft.from === 'server' && (
        <>
          <Choice
            label={sourcesTexts.tls}
            value={draft.tls}
            choices={tlsModes}
            words={sourcesTexts.tlsWords}
            onChoose={(tls) => set({ tls })}
          />
          <Choice
            label={sourcesTexts.passwordFrom}
            value={draft.passwordFrom}
            choices={places}
            words={sourcesTexts.passwordWords}
            onChoose={(passwordFrom) => set({ passwordFrom })}
          />
          {keychain !== null && <p className={controls.secondary}>{keychain}</p>}
          {draft.passwordFrom === 'keychain' && (
            <label className={styles.field}>
              {sourcesTexts.password}
              <input
                type="password"
                className={controls.field}
                value={draft.secret}
                required={!hasSecret}
                autoComplete="off"
                aria-describedby={hasSecret ? `${id} kept` : undefined}
                onChange={(event) => set({ secret: event.target.value })}
              />
              {hasSecret && (
                <span id={`${id} kept`} className={controls.secondary}>
                  {sourcesTexts.keepsItsPassword}
                </span>
              )}
            </label>
          )}
        </>
      )}
    </div>
  )
}

function Choice<Value extends string>({
  label,
  value,
  choices,
  words,
  onChoose,
}: {
  readonly label: string
  readonly value: Value
  readonly choices: readonly Value[]
  readonly words: Readonly<Record<Value, string>>
  readonly onChoose: (value: Value) => void
}) {
  return (
    <label className={styles.field}>
      {label}
      <select
        className={controls.field}
        value={value}
        onChange={(event) => {
          const chosen = choices.find((one) => one === event.target.value)
          if (chosen !== undefined) onChoose(chosen)
        }}
      >
        {choices.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
