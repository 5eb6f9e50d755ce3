import type { Step } from '../../shared/runs'
import controls from '../styles/controls.module.css'
import { statusWord } from '../texts/words'

/** Chooses one of a run's steps where they do not stand as a list anyway. */
export function StepChoice({
  steps,
  chosen,
  onSelect,
}: {
  readonly steps: readonly Step[]
  readonly chosen: string | null
  readonly onSelect: (stepId: string) => void
}) {
  return (
    <label>
      Step{' '}
      <select
        aria-label="Step"
        className={controls.field}
        value={chosen ?? ''}
        onChange={(event) => onSelect(event.target.value)}
      >
        {steps.map(({ id, name, status }) => (
          <option key={id} value={id}>
            {name} ({statusWord(status).word.toLowerCase()})
          </option>
        ))}
      </select>
    </label>
  )
}
