import type { PlannedStep, WorkflowPlan } from '../../shared/workflows'
import controls from '../styles/controls.module.css'
import { startTexts } from '../texts/en/start'
import { duration } from '../texts/times'
import { counted } from '../texts/words'
import styles from './PlannedSteps.module.css'

/** What a workflow would run: its checks, then its steps, wave after wave. */
export function PlannedSteps({ plan }: { readonly plan: WorkflowPlan }) {
  const byName = new Map(plan.steps.map((step) => [step.name, step]))
  return (
    <section className={styles.plan} aria-label={startTexts.plan}>
      {plan.preflight.length > 0 && (
        <section aria-label={startTexts.checks}>
          <h3>{startTexts.beforeAnythingRuns}</h3>
          <ul className={styles.steps}>
            {plan.preflight.map(({ command, description }) => (
              <li key={command}>
                <code className={styles.command}>{command}</code>
                {description && <span className={controls.secondary}>{description}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {plan.waves.length === 0 && plan.steps.length > 0 && (
        <section aria-label={startTexts.steps}>
          <h3>{startTexts.steps}</h3>
          <ul className={styles.steps}>
            {plan.steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: with errors in the file names may occur twice
              <StepPlan key={index} step={step} />
            ))}
          </ul>
        </section>
      )}
      {plan.waves.map((names, index) => (
        <section key={names[0]} aria-label={startTexts.wave(index + 1)}>
          <h3>
            {startTexts.wave(index + 1)}
            {names.length > 1 && <span className={controls.secondary}> {startTexts.atTheSameTime(names.length)}</span>}
          </h3>
          <ul className={styles.steps}>
            {names
              .flatMap((name) => byName.get(name) ?? [])
              .map((step) => (
                <StepPlan key={step.name} step={step} />
              ))}
          </ul>
        </section>
      ))}
    </section>
  )
}

function StepPlan({ step }: { readonly step: PlannedStep }) {
  const facts = factsOf(step)
  return (
    <li>
      <span className={styles.head}>
        <strong>{step.name}</strong>
        {step.type !== 'deterministic' && <span className={controls.secondary}>{step.type}</span>}
        {step.dependsOn.length > 0 && (
          <span className={controls.secondary}>{startTexts.after(step.dependsOn.join(', '))}</span>
        )}
      </span>
      {step.command !== null && <code className={styles.command}>{step.command}</code>}
      {facts.length > 0 && <span className={controls.secondary}>{facts.join(' · ')}</span>}
    </li>
  )
}

function factsOf({ cwd, retries, timeoutMs, verification, rollback }: PlannedStep): readonly string[] {
  return [
    ...(cwd === null ? [] : [`in ${cwd}`]),
    ...(retries > 0 ? [counted(retries, startTexts.retry, startTexts.retries)] : []),
    ...(timeoutMs === null ? [] : [startTexts.stoppedAfter(duration(timeoutMs))]),
    ...(verification === null ? [] : [`checked: ${verification}`]),
    ...(rollback === null ? [] : [startTexts.rolledBackBy(rollback)]),
  ]
}
