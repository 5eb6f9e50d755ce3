import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { RunDetail } from '../../shared/runs'
import type { ActChoice, SourcePlan } from '../../shared/sourceActs'
import { relayActs, toSourceRun } from './relayRun'

/** So many steps of a plan are told. */
const toldSteps = 1_000

/** What an act would do to a run of a workspace. Changes nothing. Throws `not_found` for an unknown step. */
export async function planRelayAct({
  run,
  act,
  fromStep,
  plan,
}: ActChoice & { readonly run: RunDetail; readonly plan: Handlers['runs:plan'] }): Promise<SourcePlan> {
  const permission = relayActs(run)[act]
  const bare: SourcePlan = {
    steps: [],
    cut: false,
    says: [],
    refused: permission.kind === 'refused' ? permission.reason : null,
    question: permission.kind === 'confirm' ? permission.question : null,
    version: toSourceRun(run).version,
  }
  if (act === 'rewind' || bare.refused !== null) return bare
  if (act === 'cancel') return { ...bare, says: ['Its processes are ended. What it completed stays.'] }
  if (act === 'mark-failed') return { ...bare, says: ['Its steps that are left running are told as failed.'] }
  const from = run.steps.find(({ id }) => id === fromStep)?.name
  if (fromStep !== undefined && from === undefined)
    throw new RundeskError('not_found', `Run ${run.id} has no step ${JSON.stringify(fromStep)}.`)
  if (act === 'rerun' && from === undefined) return { ...bare, refused: 'choose the step to run again' }
  const { steps, refused, question } = await plan({
    workspaceId: run.workspaceId,
    runId: run.id,
    workflow: 'stored',
    asNewRun: act === 'fork',
    ...(from === undefined ? {} : { from }),
  })
  const ids = new Map(run.steps.map(({ name, id }) => [name, id]))
  return {
    ...bare,
    steps: steps
      .slice(0, toldSteps)
      .map(({ name, will, reason }) => ({ id: ids.get(name) ?? name, name, will, reason })),
    cut: steps.length > toldSteps,
    refused,
    question,
  }
}
