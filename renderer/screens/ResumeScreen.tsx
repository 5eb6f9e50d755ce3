import { useState } from 'react'
import { rerunnable, rerunnableInPlace } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import { Dialog } from '../components/Dialog'
import { Refusal } from '../components/Refusal'
import { type ResumeChoice, ResumeForm } from '../components/ResumeForm'
import { ResumePreview } from '../components/ResumePreview'
import { useClient } from '../state/client'
import { navigate } from '../state/route'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { counted } from '../texts/words'

/** Asks how a run is to run again, shows what will run and what is kept, and does it. */
export function ResumeScreen({
  run,
  from,
  onClose,
}: {
  readonly run: RunDetail
  /** The step to start from; null runs what is not completed. */
  readonly from: string | null
  readonly onClose: () => void
}) {
  const client = useClient()
  const inPlace = rerunnableInPlace(run)
  const asNew = rerunnable(run)
  const [choice, setChoice] = useState<ResumeChoice>({
    from,
    workflow: 'stored',
    asNewRun: inPlace.kind === 'refused' && asNew.kind === 'allowed',
    published: false,
  })
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const at = { workspaceId: run.workspaceId, runId: run.id, ...toInput(choice) }
  const plan = useMirror(`plan ${JSON.stringify(at)}`, (asked) => asked.request('runs:plan', at), ['runs:changed'])
  const runs = plan.value?.steps.filter(({ will }) => will === 'run').length ?? 0
  const refused = plan.failure?.message ?? plan.value?.refused ?? null

  const act = async (): Promise<void> => {
    setBusy(true)
    setRefusal(null)
    try {
      const { run: going } = await client.request('runs:resume', {
        ...at,
        published: choice.published,
        confirmed: true,
      })
      showToast({ tone: 'done', text: doneWords(run, choice, runs), action: null })
      onClose()
      if (going.id !== run.id)
        navigate({ screen: 'runs', workspaceId: run.workspaceId, filter: 'all', search: '', runId: going.id })
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={runTexts.runAgainWorkflowName(run.workflowName)} wide onClose={onClose}>
      <ResumeForm
        steps={run.steps}
        choice={choice}
        inPlace={inPlace}
        asNew={asNew}
        file={plan.value?.file ?? null}
        runner={plan.value?.runner ?? null}
        onChoose={(change) => setChoice({ ...choice, ...change })}
      />
      {plan.value && <ResumePreview plan={plan.value} workflow={choice.workflow} />}
      {plan.value?.question && <p>{plan.value.question}</p>}
      <Refusal text={refusal ?? (refused === null ? null : runTexts.notPossibleNow(refused))} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {runTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={busy || plan.value === null || refused !== null || runs === 0}
          onClick={() => void act()}
        >
          {runs === 0
            ? runTexts.nothingToRun
            : `${plan.value?.question ? runTexts.itIsGoneRun : runTexts.run} ${counted(runs, runTexts.step)}`}
        </button>
      </div>
    </Dialog>
  )
}

function toInput({ from, workflow, asNewRun }: ResumeChoice) {
  return { workflow, asNewRun, ...(from === null ? {} : { from }) }
}

function doneWords(run: RunDetail, { asNewRun, from }: ResumeChoice, runs: number): string {
  const what = `${counted(runs, runTexts.step)}${from === null ? '' : ` from “${from}”`}`
  return asNewRun ? runTexts.startedARerun(run.workflowName, what) : `Resumed ${run.workflowName}: ${what}.`
}
