import { useState } from 'react'
import type { Workspace } from '../../shared/contract'
import type { WorkflowPlan } from '../../shared/workflows'
import { FindingList } from '../components/FindingList'
import { LoadFailure, LoadingRows } from '../components/ListStates'
import { PlannedSteps } from '../components/PlannedSteps'
import { RunnerChoice } from '../components/RunnerChoice'
import { VariablesForm } from '../components/VariablesForm'
import { useClient } from '../state/client'
import { focusScreen } from '../state/focus'
import { isSubmitKey } from '../state/keys'
import { navigate, toHash } from '../state/route'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { useRefreshOnFocus } from '../state/useRefreshOnFocus'
import controls from '../styles/controls.module.css'
import { startTexts } from '../texts/en/start'
import { counted } from '../texts/words'
import styles from './StartScreen.module.css'

/** What a workflow would do, what it needs to know, and the button that starts it. */
export function StartPlan({
  workspace,
  file,
  workflow,
  unavailable,
}: {
  readonly workspace: Workspace
  readonly file: string
  readonly workflow: string | null
  readonly unavailable: string | null
}) {
  const at = { workspaceId: workspace.id, file, ...(workflow === null ? {} : { workflow }) }
  const { value, failure, refresh } = useMirror(
    `workflow ${JSON.stringify(at)}`,
    (client) => client.request('workflows:plan', at),
    [],
  )
  useRefreshOnFocus(refresh)
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  return <LoadedPlan at={at} plan={value} unavailable={unavailable} />
}

function LoadedPlan({
  at,
  plan,
  unavailable,
}: {
  readonly at: { readonly workspaceId: string; readonly file: string; readonly workflow?: string }
  readonly plan: WorkflowPlan
  readonly unavailable: string | null
}) {
  const client = useClient()
  const [filled, setFilled] = useState<Readonly<Record<string, string>>>({})
  const [published, setPublished] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const values = Object.fromEntries(
    plan.variables.map((variable) => [variable.name, filled[variable.name] ?? variable.default ?? '']),
  )
  const obstacle = obstacleOf(plan, { values, unavailable })
  const start = async (): Promise<void> => {
    if (obstacle !== null || busy) return
    setBusy(true)
    setRefusal(null)
    try {
      const { run } = await client.request('workflows:start', { ...at, vars: values, published })
      showToast({ tone: 'done', text: startTexts.startedRun(run.workflowName), action: null })
      navigate({ screen: 'runs', workspaceId: at.workspaceId, filter: 'all', search: '', runId: run.id })
      focusScreen()
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <form
      className={styles.plan}
      aria-label={startTexts.start(plan.name || plan.file)}
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
      onKeyDown={(event) => {
        if (!isSubmitKey(event)) return
        event.preventDefault()
        void start()
      }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.body} aria-label={startTexts.whatItWouldDo} tabIndex={0}>
        <Heading at={at} plan={plan} />
        <FindingList findings={plan.findings} />
        {plan.variables.length > 0 && (
          <VariablesForm
            variables={plan.variables}
            values={values}
            onChange={(name, text) => setFilled({ ...filled, [name]: text })}
          />
        )}
        <RunnerChoice runner={plan.runner} published={published} onChoose={setPublished} />
        <PlannedSteps plan={plan} />
      </section>
      <div className={styles.foot}>
        <span className={controls.secondary} role={refusal === null ? undefined : 'alert'}>
          {refusal ?? obstacle ?? summaryOf(plan)}
        </span>
        <span className={controls.spread} />
        <button
          type="submit"
          className={`${controls.button} ${controls.primary}`}
          disabled={obstacle !== null || busy}
          title={startTexts.ctrlAndEnter}
        >
          {startTexts.startWord} {plan.workflow || startTexts.theWorkflow}
        </button>
      </div>
    </form>
  )
}

function Heading({
  at,
  plan,
}: {
  readonly at: { readonly workspaceId: string; readonly file: string }
  readonly plan: WorkflowPlan
}) {
  return (
    <header>
      <a
        className={`${controls.button} ${styles.back}`}
        href={toHash({ screen: 'start', workspaceId: at.workspaceId, file: null, workflow: null })}
      >
        {startTexts.allFiles}
      </a>
      <h2>{plan.name || plan.file}</h2>
      <p className={`mono ${controls.secondary}`}>{plan.file}</p>
      {plan.description && <p>{plan.description}</p>}
      {plan.workflows.length > 1 && (
        <label>
          {startTexts.workflowWord}{' '}
          <select
            aria-label={startTexts.workflowWord}
            className={controls.field}
            value={plan.workflow}
            onChange={(event) =>
              navigate(
                { screen: 'start', workspaceId: at.workspaceId, file: at.file, workflow: event.target.value },
                { replace: true },
              )
            }
          >
            {plan.workflows.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </header>
  )
}

/** Why it cannot be started as it stands; null when it can. */
function obstacleOf(
  plan: WorkflowPlan,
  { values, unavailable }: { readonly values: Readonly<Record<string, string>>; readonly unavailable: string | null },
): string | null {
  if (unavailable !== null) return unavailable
  const errors = plan.findings.filter(({ severity }) => severity === 'error').length
  if (errors > 0) return startTexts.inTheFileToMend(counted(errors, startTexts.errorWithin))
  const empty = plan.variables.filter(({ name }) => values[name] === '')
  const [only] = empty
  if (empty.length === 1 && only) return startTexts.giveAValue(only.name)
  return empty.length > 0 ? startTexts.haveNoValueYet(counted(empty.length, startTexts.variable)) : null
}

function summaryOf(plan: WorkflowPlan): string {
  const checks = plan.preflight.length === 0 ? '' : `${counted(plan.preflight.length, startTexts.check)}, then `
  return `${checks}${counted(plan.steps.length, startTexts.step)} in ${counted(plan.waves.length, startTexts.waveWithin)}`
}
