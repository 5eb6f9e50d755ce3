import type { Problem } from '../../shared/runs'
import { exitCodes } from './exitCodes'
import type { CommandContext } from './runCli'
import { printable, toTable } from './terminal'

const pageSize = 500

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
        : toTable(all.map((one) => [one.id, printable(one.path), one.trouble ? printable(one.trouble) : ''])),
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
  const found = all.find((one) => one.id === dir || one.path === dir) ?? all.find((one) => samePath(one.path, dir))
  if (!found) {
    terminal.say(`rundesk: ${dir} is not a saved workspace`)
    return exitCodes.notPossible
  }
  await client.request('workspaces:remove', { workspaceId: found.id })
  return list()
}

function samePath(path: string, dir: string): boolean {
  return path === new URL(`file://${process.cwd()}/${dir}`).pathname || path === dir.replace(/\/+$/, '')
}

/** `rundesk doctor` */
export async function doctor({ client, terminal }: CommandContext): Promise<number> {
  await client.request('runs:list', { limit: 0 })
  await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 0 })
  const findings: Problem[] = []
  for (let offset = 0; ; offset += pageSize) {
    const page = await client.request('problems:query', { workspaceId: null, offset, limit: pageSize })
    findings.push(...page.problems)
    if (findings.length >= page.total || page.problems.length === 0) break
  }
  terminal.answer({ problems: findings }, () =>
    findings.length === 0
      ? 'Nothing is damaged, contradictory or unsaved.'
      : findings
          .map(({ code, path, line, message }) =>
            printable(`${path}${line === null ? '' : `:${line}`}: ${code}: ${message}`),
          )
          .join('\n'),
  )
  return findings.length === 0 ? exitCodes.done : exitCodes.failing
}
