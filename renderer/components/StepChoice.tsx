import type { RunDetail, Step } from '../../shared/runs'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { counted, statusWord } from '../texts/words'

/** Chooses one of a run's steps where they do not stand as a list anyway. */
export function StepChoice({
  run,
  chosen,
  onSelect,
}: {
  readonly run: RunDetail
  readonly chosen: Step | undefined
  readonly onSelect: (stepId: string) => void
}) {
  const { steps } = run
  const more = run.stepCounts.total - steps.length
  const shown = chosen && !steps.some(({ id }) => id === chosen.id) ? [...steps, chosen] : steps
  return (
    <label>
      {runTexts.stepWord}{' '}
      <select
        aria-label={runTexts.stepWord}
        className={controls.field}
        value={chosen?.id ?? ''}
        onChange={(event) => onSelect(event.target.value)}
      >
        {shown.map(({ id, name, status }) => (
          <option key={id} value={id}>
            {name} ({statusWord(status).word.toLowerCase()})
          </option>
        ))}
        {more > 0 && <option disabled>{runTexts.chooseThemInTheTimeline(counted(more, runTexts.moreStep))}</option>}
      </select>
    </label>
  )
}
