import type { ResumePlan } from '../../shared/runs'
import { counted } from '../texts/words'
import { DiffLines } from './DiffLines'
import styles from './ResumePreview.module.css'

const willWords = { run: 'Runs again', keep: 'Is kept' } as const

/** What will run and what is kept, step by step, and how the workflow file differs from the stored one. */
export function ResumePreview({ plan, workflow }: { readonly plan: ResumePlan; readonly workflow: 'stored' | 'file' }) {
  const runs = plan.steps.filter(({ will }) => will === 'run').length
  return (
    <>
      {plan.file?.changed && (
        <details className={styles.file} open={workflow === 'file'}>
          <summary>
            {plan.file.path} is no longer the workflow that ran.{' '}
            {workflow === 'stored' ? 'The stored one runs.' : 'The new one runs.'}
          </summary>
          <DiffLines lines={plan.file.diff} label="Difference of the workflow file" />
        </details>
      )}
      <h3 className={styles.heading}>
        {runs === 0
          ? 'Nothing runs: every step is completed'
          : `${counted(runs, 'step')} of ${plan.steps.length} will run`}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <ul className={styles.steps} aria-label="What will run" tabIndex={0}>
        {plan.steps.map(({ name, will, reason }) => (
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
    </>
  )
}
