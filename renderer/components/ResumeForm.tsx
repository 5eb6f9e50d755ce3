import type { Permission } from '../../shared/rules/runActs'
import type { ResumePlan, Step } from '../../shared/runs'
import type { WorkflowRunner } from '../../shared/workflows'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { statusWord } from '../texts/words'
import { Choice, ChoiceGroup } from './ChoiceGroup'
import styles from './ResumeForm.module.css'
import { RunnerChoice } from './RunnerChoice'

/** How a run is to run again. */
export interface ResumeChoice {
  /** The step to start from; null runs what is not completed. */
  readonly from: string | null
  readonly workflow: 'stored' | 'file'
  readonly asNewRun: boolean
  /** With the published runner, also where the built-in one could. */
  readonly published: boolean
}

/** The choices of a re-run; what is not possible stands there with its reason. */
export function ResumeForm({
  steps,
  choice,
  inPlace,
  asNew,
  file,
  runner,
  onChoose,
}: {
  readonly steps: readonly Step[]
  readonly choice: ResumeChoice
  readonly inPlace: Permission
  readonly asNew: Permission
  readonly file: ResumePlan['file']
  /** Which runner can run it; null while that is not known. */
  readonly runner: WorkflowRunner | null
  readonly onChoose: (change: Partial<ResumeChoice>) => void
}) {
  return (
    <div className={styles.form}>
      <label className={styles.from}>
        {runTexts.runAgain}{' '}
        <select
          aria-label={runTexts.runAgain}
          className={controls.field}
          value={choice.from ?? ''}
          onChange={(event) => onChoose({ from: event.target.value === '' ? null : event.target.value })}
        >
          <option value="">{runTexts.onlyWhatIsNotCompleted}</option>
          {steps.map(({ id, name, status }) => (
            <option key={id} value={name}>
              {runTexts.fromOn(name, statusWord(status).word.toLowerCase())}
            </option>
          ))}
        </select>
      </label>
      <ChoiceGroup legend={runTexts.where}>
        <Choice
          group="where"
          label={runTexts.inThisRun}
          checked={!choice.asNewRun}
          refusal={inPlace.kind === 'refused' ? inPlace.reason : null}
          onChoose={() => onChoose({ asNewRun: false })}
        />
        <Choice
          group="where"
          label={runTexts.asANewRun}
          checked={choice.asNewRun}
          refusal={asNew.kind === 'refused' ? asNew.reason : null}
          onChoose={() => onChoose({ asNewRun: true })}
        />
      </ChoiceGroup>
      <ChoiceGroup legend={runTexts.workflow}>
        <Choice
          group="workflow"
          label={runTexts.withTheStoredWorkflow}
          checked={choice.workflow === 'stored'}
          refusal={null}
          onChoose={() => onChoose({ workflow: 'stored' })}
        />
        <Choice
          group="workflow"
          label={runTexts.withTheNewFile}
          checked={choice.workflow === 'file'}
          refusal={fileRefusal(file)}
          onChoose={() => onChoose({ workflow: 'file' })}
        />
      </ChoiceGroup>
      {runner && (
        <RunnerChoice runner={runner} published={choice.published} onChoose={(published) => onChoose({ published })} />
      )}
    </div>
  )
}

function fileRefusal(file: ResumePlan['file']): string | null {
  if (file === null) return runTexts.thisRunNamesNoWorkflow
  if (file.trouble !== null) return file.trouble
  return file.changed ? null : runTexts.theFileIsAsItWasWhenThe
}
