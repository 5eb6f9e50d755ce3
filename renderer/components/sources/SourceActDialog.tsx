import { useState } from 'react'
import type { ActResult, SourcePlan } from '../../../shared/sourceActs'
import type { SourceRunDetail, SourceStep } from '../../../shared/sourceRuns'
import { useClient } from '../../state/client'
import { isSubmitKey } from '../../state/keys'
import { toHash } from '../../state/route'
import { sourceRoute } from '../../state/sourceRoute'
import { type Attempt, useAttempt } from '../../state/useAttempt'
import { useMirror } from '../../state/useMirror'
import type { AskedSourceAct } from '../../state/useSourceActs'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import styles from './SourceActDialog.module.css'
import { SourcePlanSteps } from './SourcePlanSteps'

/** Acts that begin at a step. */
const stepActs: readonly AskedSourceAct['act'][] = ['rerun', 'fork', 'rewind']

/** Shows what an act on a remote run would do, does it, and tells what became of it. */
export function SourceActDialog({
  run,
  steps,
  asked: { act, stepId },
  onClose,
}: {
  readonly run: SourceRunDetail
  /** Those that an act can begin at, as far as they are known. */
  readonly steps: readonly SourceStep[]
  readonly asked: AskedSourceAct
  readonly onClose: () => void
}) {
  /** Null leaves it to the source, which begins where it makes most sense. */
  const [from, setFrom] = useState(stepId)
  const [result, setResult] = useState<ActResult | null>(null)
  const attempt = useAttempt()
  const takesStep = stepActs.includes(act)
  const choice = { act, ...(takesStep && from !== null ? { fromStep: from } : {}) }
  const { sourceId, id: runId } = run
  const { value, failure, refresh } = useMirror(
    JSON.stringify(['plan', sourceId, runId, choice, run.version]),
    (client) => client.request('sources:planAct', { sourceId, runId, ...choice }),
    [],
  )
  return (
    <Dialog title={sourcesTexts.actTitles[act](run.workflowName)} wide onClose={onClose}>
      {result ? (
        <Outcome sourceId={sourceId} result={result} onClose={onClose} />
      ) : (
        <>
          {takesStep && steps.length > 0 && (
            <label className={styles.from}>
              {sourcesTexts.fromStep}
              <select
                className={controls.field}
                value={from ?? value?.steps.find(({ will }) => will !== 'keep')?.id ?? ''}
                onChange={(event) => setFrom(event.target.value)}
              >
                {steps.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {id} · {name}
                  </option>
                ))}
              </select>
            </label>
          )}
          {failure && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
          {!failure && !value && <p role="status">{sourcesTexts.lookingAtWhatWouldBecome}</p>}
          {!failure && value && (
            <Plan
              key={value.version}
              run={run}
              choice={choice}
              plan={value}
              attempt={attempt}
              onDone={setResult}
              onClose={onClose}
            />
          )}
        </>
      )}
    </Dialog>
  )
}

function Plan({
  run: { sourceId, id: runId },
  choice,
  plan,
  attempt: { busy, refusal, attempt },
  onDone,
  onClose,
}: {
  readonly run: SourceRunDetail
  readonly choice: { readonly act: AskedSourceAct['act']; readonly fromStep?: string }
  readonly plan: SourcePlan
  /** Outlives the plan, which another takes the place of when the run moves on while the server is asked. */
  readonly attempt: Attempt
  readonly onDone: (result: ActResult) => void
  readonly onClose: () => void
}) {
  const client = useClient()
  const [confirmed, setConfirmed] = useState(false)
  const may = plan.refused === null && (plan.question === null || confirmed)
  const act = (): void => {
    if (!may) return
    attempt(
      () => client.request('sources:act', { sourceId, runId, ...choice, version: plan.version, confirmed }),
      onDone,
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for all of the form
    <div
      onKeyDown={(event) => {
        if (isSubmitKey(event)) act()
      }}
    >
      <ul className={styles.says}>
        {plan.says.map((said) => (
          <li key={said}>{said}</li>
        ))}
      </ul>
      {plan.steps.length > 0 && <SourcePlanSteps plan={plan} />}
      {plan.question !== null && plan.refused === null && (
        <label className={styles.yes}>
          <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
          <span>
            {plan.question} <strong>{sourcesTexts.yes}</strong>
          </span>
        </label>
      )}
      <Refusal text={busy ? null : (plan.refused ?? refusal)} />
      <div className={controls.actions}>
        {busy && <span role="status">{sourcesTexts.asking}</span>}
        <button type="button" className={controls.button} onClick={onClose}>
          {sourcesTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={!may || busy}
          onClick={act}
        >
          {sourcesTexts.actDone[choice.act]}
        </button>
      </div>
    </div>
  )
}

/** What became of it. */
function Outcome({
  sourceId,
  result: { outcome, message, newRunId },
  onClose,
}: {
  readonly sourceId: string
  readonly result: ActResult
  readonly onClose: () => void
}) {
  return (
    <>
      <p role="status" className={styles.outcome}>
        <strong>{sourcesTexts.outcomes[outcome]}.</strong> {message}
      </p>
      <div className={controls.actions}>
        {newRunId !== null && (
          <a className={controls.button} href={toHash({ ...sourceRoute(sourceId), runId: newRunId })} onClick={onClose}>
            {sourcesTexts.openTheNewRun}
          </a>
        )}
        <button type="button" className={`${controls.button} ${controls.primary}`} onClick={onClose}>
          {sourcesTexts.close}
        </button>
      </div>
    </>
  )
}
