import { stepNeeds } from '../../shared/workflowSchemas'
import type { FileStep } from '../../shared/workflowStep'
import type { FindingList } from './findings'
import { didYouMean } from './nearestName'
import type { DocumentPath } from './yamlSource'

/** Tells what a step lacks that its type needs, and what does not lead anywhere. */
export function checkStep(
  step: FileStep,
  {
    path,
    places,
    agents,
  }: { readonly path: DocumentPath; readonly places: ReadonlySet<string>; readonly agents: ReadonlySet<string> },
  findings: FindingList,
): void {
  const name = JSON.stringify(step.name)
  for (const key of step.use === undefined ? stepNeeds[step.type] : []) {
    const value = step[key]
    const isThere = typeof value === 'string' ? value.trim() !== '' : value !== undefined
    if (isThere) continue
    const untyped = step.type === 'agent' && step.command !== undefined && key === 'agent'
    const hint = untyped ? '. A step with a command is of type: deterministic' : ''
    findings.add(path, {
      severity: 'error',
      message: `step ${name} has no ${key}, which a step of type ${step.type} needs${hint}`,
    })
    if (untyped) break
  }
  if (step.workdir !== undefined && !places.has(step.workdir)) {
    const message = `step ${name} names the workdir ${JSON.stringify(step.workdir)}, which is none of the paths${didYouMean(step.workdir, places)}`
    findings.add([...path, 'workdir'], { severity: 'error', message })
  }
  if (step.agent !== undefined && step.type === 'agent' && !agents.has(step.agent)) {
    const message = `step ${name} names the agent ${JSON.stringify(step.agent)}, which is none of the agents${didYouMean(step.agent, agents)}`
    findings.add([...path, 'agent'], { severity: 'warning', message })
  }
  checkFolders(step, path, findings)
  checkVerification(step, path, findings)
}

function checkVerification({ verification }: FileStep, path: DocumentPath, findings: FindingList): void {
  if (!verification) return
  const value = String(verification.value).trim()
  const at = [...path, 'verification', 'value']
  const { type } = verification
  if (value === '' && (type === 'output_contains' || type === 'file_exists' || type === 'custom'))
    findings.add(at, { severity: 'error', message: `the verification ${type} needs a value` })
  if (type === 'exit_code' && value !== '' && value !== '0') {
    const message = `exit_code holds whenever the step succeeds: ${JSON.stringify(value.slice(0, 100))} is not compared`
    findings.add(at, { severity: 'warning', message })
  }
  if (type === 'pr_url' && value !== '' && !/^[\w.-]+\/[\w.-]+$/.test(value) && !value.includes('{{')) {
    const message = `pr_url takes nothing or OWNER/REPO, not ${JSON.stringify(value.slice(0, 100))}`
    findings.add(at, { severity: 'error', message })
  }
}

/** Folders that lead out of the workspace, as far as that can be told before variables are filled in. */
function checkFolders(step: FileStep, path: DocumentPath, findings: FindingList): void {
  for (const key of ['cwd', 'path'] as const) {
    const folder = step[key]
    if (folder === undefined || (key === 'path' && step.type !== 'worktree') || !leadsOut(folder)) continue
    const message = `${key} ${JSON.stringify(folder)} leads out of the workspace`
    findings.add([...path, key], { severity: 'error', message })
  }
}

function leadsOut(folder: string): boolean {
  if (folder.startsWith('/') || folder.includes('{{')) return false
  let depth = 0
  for (const part of folder.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}
