import type { WorkflowRunner } from '../../shared/workflows'
import controls from '../styles/controls.module.css'

/** Which runner a workflow needs, and why. */
export function RunnerNote({ runner }: { readonly runner: WorkflowRunner }) {
  if (runner.kind === 'built-in') return <p className={controls.secondary}>Rundesk’s own runner runs it.</p>
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
