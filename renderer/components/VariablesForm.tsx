import { useId } from 'react'
import type { WorkflowVariable } from '../../shared/workflows'
import controls from '../styles/controls.module.css'
import { startTexts } from '../texts/en/start'
import styles from './VariablesForm.module.css'

const shownSteps = 4

/** A field for each variable of a workflow, with the steps that use it. */
export function VariablesForm({
  variables,
  values,
  onChange,
}: {
  readonly variables: readonly WorkflowVariable[]
  readonly values: Readonly<Record<string, string>>
  readonly onChange: (name: string, text: string) => void
}) {
  const id = useId()
  return (
    <fieldset className={styles.variables}>
      <legend>{startTexts.variables}</legend>
      {variables.map(({ name, usedBy, default: preset }, index) => (
        <div key={name} className={styles.variable}>
          <label htmlFor={`${id} ${index}`} className={`mono ${styles.name}`}>
            {name}
          </label>
          <textarea
            id={`${id} ${index}`}
            aria-describedby={`${id} ${index} use`}
            className={`mono ${controls.field} ${styles.value}`}
            rows={1}
            spellCheck={false}
            required={preset === null}
            value={values[name] ?? ''}
            onChange={(event) => onChange(name, event.target.value)}
          />
          <span id={`${id} ${index} use`} className={`${controls.secondary} ${styles.use}`}>
            {usedWords(usedBy)}
            {preset !== null && values[name] !== preset && startTexts.preset(preset)}
          </span>
        </div>
      ))}
    </fieldset>
  )
}

function usedWords(usedBy: readonly string[]): string {
  const shown = usedBy.slice(0, shownSteps).join(', ')
  const more = usedBy.length - shownSteps
  return startTexts.usedBy(shown, more > 0 ? ` and ${more} more` : '')
}
