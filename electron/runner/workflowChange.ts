import { isAbsolute, join } from 'node:path'
import { structuredPatch } from 'diff'
import { RundeskError, toFailure } from '../../shared/outcome'
import type { ResumePlan } from '../../shared/runs'
import { errnoCode } from '../files/errnoCode'
import type { RunRecord } from '../runs/runJournal'
import { toWorkflow, type Workflow } from './parseWorkflow'
import { prepareWorkflow } from './prepareWorkflow'

type FileChange = NonNullable<ResumePlan['file']>

/** A difference of more lines is cut. */
const maxDiffLines = 2_000
const contextLines = 3

/** The workflow file that the run names (as it was given at its start), null when it names none. */
export function workflowFileOf({ run }: Pick<RunRecord, 'run'>, workspaceDir: string): string | null {
  const file = run.rundesk?.file
  if (typeof file !== 'string' || file === '') return null
  return isAbsolute(file) ? file : join(workspaceDir, file)
}

/** The run's workflow as its file says now, with the run's variables. Throws `not_supported` when the run names no file. */
export async function workflowOfFile(record: RunRecord, workspaceDir: string): Promise<Workflow> {
  const path = workflowFileOf(record, workspaceDir)
  if (path === null)
    throw new RundeskError(
      'not_supported',
      `Run ${record.run.id} does not name its workflow file. Start the file as a new run.`,
    )
  const chosen = record.run.workflowName
  const { config, checked, name } = await prepareWorkflow({ path, workspaceDir, chosen, vars: varsOf(record) })
  return toWorkflow(config, { origin: path, chosen: name, checked })
}

/** What became of the run's workflow file since it was stored, null when the run names none. Never throws. */
export async function readWorkflowChange(
  record: RunRecord,
  { stored, workspaceDir }: { readonly stored: Workflow | undefined; readonly workspaceDir: string },
): Promise<FileChange | null> {
  const path = workflowFileOf(record, workspaceDir)
  if (path === null) return null
  try {
    const now = await workflowOfFile(record, workspaceDir)
    const before = stored === undefined ? '' : await whatRuns(stored)
    const after = await whatRuns(now)
    return { path, changed: before !== after, trouble: null, diff: before === after ? [] : diffOf(before, after) }
  } catch (error) {
    if (!(error instanceof RundeskError) && errnoCode(error) === undefined) throw error
    return { path, changed: true, trouble: toFailure(error).message, diff: [] }
  }
}

/** All of a workflow that decides what a run does, as YAML. */
async function whatRuns(workflow: Workflow): Promise<string> {
  const { stringify } = await import('yaml')
  const { config, paths, entry } = workflow
  return stringify(
    { errorHandling: config.errorHandling, paths, workflow: entry },
    { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true },
  )
}

function diffOf(before: string, after: string): FileChange['diff'] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: contextLines })
  const lines = hunks.flatMap(({ lines }, index): FileChange['diff'] => [
    ...(index === 0 ? [] : [{ kind: 'gap' as const, text: '' }]),
    ...lines.map((line) => ({ kind: kindOf(line), text: line.slice(1) })),
  ])
  return lines.length <= maxDiffLines ? lines : [...lines.slice(0, maxDiffLines), { kind: 'gap', text: '' }]
}

function kindOf(line: string): 'same' | 'add' | 'remove' {
  if (line.startsWith('+')) return 'add'
  return line.startsWith('-') ? 'remove' : 'same'
}

function varsOf({ run }: RunRecord): Readonly<Record<string, string>> {
  const vars = run.rundesk?.vars
  if (typeof vars !== 'object' || vars === null) return {}
  return Object.fromEntries(
    Object.entries(vars).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
