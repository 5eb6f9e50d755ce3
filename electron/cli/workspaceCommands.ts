import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Workspace } from '../../shared/contract'
import type { Problem } from '../../shared/runs'
import { saveBundle } from './bundleCommand'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { printable, problemLine, toTable } from './terminal'

const pageSize = 500
const originWords: Readonly<Record<Workspace['origin'], string>> = {
  saved: 'saved',
  registry: 'found in the registry of mounts',
  named: 'named on the command line',
  current: 'the current folder',
  opened: 'a file, opened by itself',
}

/** `rundesk workspaces list|add DIR|remove DIR` */
export async function workspaces(
  { client, terminal }: CommandContext,
  act: string | undefined,
  dir: string | undefined,
): Promise<number> {
  const list = async (): Promise<number> => {
    const { workspaces: all } = await client.request('workspaces:list', {})
    terminal.answer({ workspaces: all }, () =>
      all.length === 0
        ? 'No workspaces.'
        : toTable(
            all.map(({ id, path, origin, trouble }) => [
              ...[id, printable(path), originWords[origin]],
              trouble ? printable(trouble) : '',
            ]),
          ),
    )
    return exitCodes.done
  }
  if (act === undefined || act === 'list') return list()
  if ((act !== 'add' && act !== 'remove') || dir === undefined) {
    terminal.say('rundesk: use workspaces list, workspaces add DIR, or workspaces remove DIR')
    return exitCodes.usage
  }
  if (act === 'add') {
    await client.request('workspaces:add', { path: dir })
    return list()
  }
  const { workspaces: all } = await client.request('workspaces:list', {})
  const path = await realpath(dir).catch(() => resolve(dir))
  const found = all.find((one) => one.id === dir || one.path === path)
  if (!found) {
    terminal.say(`rundesk: ${dir} is not a saved workspace`)
    return exitCodes.notPossible
  }
  await client.request('workspaces:remove', { workspaceId: found.id })
  return list()
}

/** `rundesk doctor`; with `--repair` it does the repairs that are offered, and tells what is left; `--bundle` saves a file. */
export async function doctor(
  context: CommandContext,
  options: GlobalOptions & { readonly repair: boolean; readonly bundle?: string | true; readonly yes: boolean },
): Promise<number> {
  const { client, terminal } = context
  await client.request('runs:list', { limit: 0 })
  await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 0 })
  if (options.bundle !== undefined)
    return saveBundle(context, { file: options.bundle === true ? null : options.bundle, yes: options.yes })
  const found = await allProblems(client)
  const repaired: Problem[] = []
  for (const problem of options.repair ? found : []) {
    const { repair, workspaceId, code, path } = problem
    if (repair === undefined || !workspaceId) continue
    await client.request('problems:repair', { workspaceId, code, path })
    repaired.push(problem)
  }
  const problems = [...(repaired.length === 0 ? found : await allProblems(client)), ...(await orphans(client))]
  terminal.answer({ problems, ...(options.repair ? { repaired } : {}) }, () => {
    const lines = [
      ...repaired.map((problem) => `Repaired: ${problemLine(problem)}`),
      ...problems.map((problem) => printable(`${problem.code}: ${problemLine(problem)}${offered(problem)}`)),
    ]
    return problems.length === 0
      ? [...lines, 'Nothing is damaged, contradictory or unsaved.'].join('\n')
      : lines.join('\n')
  })
  return problems.length === 0 ? exitCodes.done : exitCodes.failing
}

function offered({ repair }: Problem): string {
  return repair === undefined ? '' : ` Repair with rundesk doctor --repair: ${repair}.`
}

/** Runs that say running although their program is gone are contradictions too. */
async function orphans(client: CommandContext['client']): Promise<readonly Problem[]> {
  const { rows, total } = await client.request('runs:query', {
    workspaceId: null,
    filter: 'orphaned',
    offset: 0,
    limit: pageSize,
  })
  const problems = rows.map(({ id, workspaceId, workflowName, status, livenessReason, source }) => ({
    code: 'orphaned_run',
    path: source.path,
    line: null,
    message: `Run ${id} (${workflowName}) says ${status}, but ${livenessReason}. Resume it, or mark it as failed.`,
    workspaceId,
  }))
  const more = total - rows.length
  const [first] = problems
  return first && more > 0 ? [...problems, { ...first, message: `${more} more runs are orphaned.` }] : problems
}

async function allProblems(client: CommandContext['client']): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  for (let offset = 0; ; offset += pageSize) {
    const page = await client.request('problems:query', { workspaceId: null, offset, limit: pageSize })
    problems.push(...page.problems)
    if (problems.length >= page.total || page.problems.length === 0) return problems
  }
}
