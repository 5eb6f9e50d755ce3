import type { ResumePlan } from '../../shared/runs'
import { runTexts } from '../texts/en/run'
import { counted } from '../texts/words'
import { DiffLines } from './DiffLines'
import styles from './ResumePreview.module.css'

const willWords = { run: runTexts.runsAgain, keep: runTexts.isKept } as const

/** What will run and what is kept, step by step, and how the workflow file differs from the stored one. */
export function ResumePreview({ plan, workflow }: { readonly plan: ResumePlan; readonly workflow: 'stored' | 'file' }) {
  const runs = plan.steps.filter(({ will }) => will === 'run').length
  return (
    <>
      {plan.file?.changed && (
        <details className={styles.file} open={workflow === 'file'}>
          <summary>
            {runTexts.isNoLongerTheWorkflow(plan.file.path)}{' '}
            {workflow === 'stored' ? runTexts.theStoredOneRuns : runTexts.theNewOneRuns}
          </summary>
          <DiffLines lines={plan.file.diff} label={runTexts.differenceOfTheWorkflow} />
        </details>
      )}
      <h3 className={styles.heading}>
        {runs === 0
          ? runTexts.nothingRunsEveryStep
          : runTexts.ofWillRun(counted(runs, runTexts.step), plan.steps.length)}
      </h3>
      {plan.steps.length > 0 && <ResumeSteps steps={plan.steps} />}
    </>
  )
}

function ResumeSteps({ steps }: { readonly steps: ResumePlan['steps'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <ul className={styles.steps} aria-label={runTexts.whatWillRun} tabIndex={0}>
      {steps.map(({ name, will, reason }) => (
        <li key={name} className={styles[will]}>
          <span className={styles.mark} aria-hidden="true">
            {will === 'run' ? '▶' : '✓'}
          </span>
          <span className={styles.name}>{name}</span>
          <span className={styles.reason}>
            {willWords[will]}: {reason}
          </span>
        </li>
      ))}
    </ul>
  )
}
