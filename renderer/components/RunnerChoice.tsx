import type { WorkflowRunner } from '../../shared/workflows'
import controls from '../styles/controls.module.css'
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
        <ChoiceGroup legend="Runner">
          <Choice
            group="runner"
            label="Rundesk’s own"
            checked={!published}
            refusal={null}
            onChoose={() => onChoose(false)}
          />
          <Choice
            group="runner"
            label="The published one"
            checked={published}
            refusal={null}
            onChoose={() => onChoose(true)}
          />
        </ChoiceGroup>
        {published && (
          <p className={controls.secondary}>
            The <code>@relayflows/core</code> or <code>@agent-relay/sdk</code> that is installed in the workspace. It
            knows nothing of Rundesk’s own keys: state, rollback, backoff and chosen exit codes do not count.
          </p>
        )}
      </div>
    )
  }
  return (
    <section aria-label="Runner">
      <p>
        The published runner runs it: the <code>@relayflows/core</code> or <code>@agent-relay/sdk</code> that is
        installed in the workspace.
      </p>
      <ul>
        {runner.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )
}
