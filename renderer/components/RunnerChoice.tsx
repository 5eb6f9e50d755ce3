import type { WorkflowRunner } from '../../shared/workflows'
import controls from '../styles/controls.module.css'
import { startTexts } from '../texts/en/start'
import { Choice, ChoiceGroup } from './ChoiceGroup'

/** Which runner runs a workflow: a choice where both can, else the published one and why. */
export function RunnerChoice({
  runner,
  published,
  onChoose,
}: {
  readonly runner: WorkflowRunner
  readonly published: boolean
  readonly onChoose: (published: boolean) => void
}) {
  if (runner.kind === 'built-in') {
    return (
      <div>
        <ChoiceGroup legend={startTexts.runner}>
          <Choice
            group="runner"
            label={startTexts.rundesksOwn}
            checked={!published}
            refusal={null}
            onChoose={() => onChoose(false)}
          />
          <Choice
            group="runner"
            label={startTexts.thePublishedOne}
            checked={published}
            refusal={null}
            onChoose={() => onChoose(true)}
          />
        </ChoiceGroup>
        {published && (
          <p className={controls.secondary}>
            {startTexts.the} <code>@relayflows/core</code> {startTexts.or} <code>@agent-relay/sdk</code>{' '}
            {startTexts.thatIsInstalledInTheWorkspace}
          </p>
        )}
      </div>
    )
  }
  return (
    <section aria-label={startTexts.runner}>
      <p>
        {startTexts.thePublishedRunnerRuns} <code>@relayflows/core</code> {startTexts.or} <code>@agent-relay/sdk</code>{' '}
        {startTexts.thatIsInstalledInTheWorkspaceWithin}
      </p>
      <ul>
        {runner.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )
}
