import type { TrajectoryRow } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Trajectory } from '../../shared/trajectories'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable, sayProblems, toTable } from './terminal'

const shortestId = 4

/** `rundesk trajectories` */
export async function trajectories(
  { client, terminal }: CommandContext,
  options: GlobalOptions & { readonly search?: string; readonly limit?: number; readonly reconcile: boolean },
): Promise<number> {
  if (options.reconcile) await reconcileAll({ client, terminal })
  const search = options.search === undefined ? {} : { search: options.search }
  const found = await client.request('trajectories:list', search)
  const list = found.trajectories.slice(0, options.limit)
  const total = found.trajectories.length
  terminal.answer({ trajectories: list, total, problems: found.problems }, () => trajectoryTable(list))
  sayProblems(terminal, found.problems)
  if (list.length < total) terminal.say(`${list.length} of ${total} trajectories`)
  return found.unreadable ? exitCodes.cannotTell : exitCodes.done
}

async function reconcileAll({ client, terminal }: Pick<CommandContext, 'client' | 'terminal'>): Promise<void> {
  const { workspaces } = await client.request('workspaces:list', {})
  for (const { id, path, trouble } of workspaces) {
    if (trouble !== null) continue
    const { reconciliation } = await client.request('trajectories:reconcile', { workspaceId: id })
    const { scanned, added, corrected, dropped, keptAside } = reconciliation
    const aside = keptAside === null ? '' : `; the malformed index is kept as ${keptAside}`
    terminal.say(
      `${path}: ${scanned} trajectories, ${added} entries added, ${corrected} corrected, ${dropped} dropped${aside}`,
    )
  }
}

function trajectoryTable(list: readonly TrajectoryRow[]): string {
  if (list.length === 0) return 'No trajectories.'
  return toTable(
    list.map((one) => [
      one.id,
      one.status,
      one.startedAt ?? '',
      `${one.chapterCount} chapters, ${one.decisionCount} decisions`,
      oneLine(one.title),
    ]),
  )
}

/** `rundesk trajectory ID` */
export async function trajectory({ client, terminal }: CommandContext, wanted: string): Promise<number> {
  const { trajectories: all } = await client.request('trajectories:list', {})
  const { id, workspaceId } = findOne(all, wanted)
  const { trajectory: whole } = await client.request('trajectories:get', { workspaceId, trajectoryId: id, whole: true })
  terminal.answer(whole, () => trajectoryText(whole))
  return whole.status === 'unreadable' ? exitCodes.cannotTell : exitCodes.done
}

/** A whole id of a trajectory or of its run wins; else the one whose id starts so. */
function findOne(all: readonly TrajectoryRow[], wanted: string): TrajectoryRow {
  const exact = all.filter(({ id, runId }) => id === wanted || runId === wanted)
  const starting = (one: TrajectoryRow): boolean => one.id.startsWith(wanted) || one.runId?.startsWith(wanted) === true
  const found = exact.length > 0 || wanted.length < shortestId ? exact : all.filter(starting)
  const [only] = found
  if (!only && wanted.length < shortestId)
    throw new RundeskError(
      'not_found',
      `No trajectory, and no run of one, has the id ${JSON.stringify(wanted)}; one may be cut short, but to no less than ${shortestId} characters. List them with: rundesk trajectories`,
    )
  if (!only)
    throw new RundeskError(
      'not_found',
      `There is no trajectory ${JSON.stringify(wanted)} in these workspaces. List them with: rundesk trajectories`,
    )
  if (found.length > 1) {
    const list = found.slice(0, 5).map(({ id }) => id)
    throw new RundeskError(
      'ambiguous_id',
      `${JSON.stringify(wanted)} fits ${found.length} trajectories: ${list.join(', ')}. Give more of the id, or one workspace with -w.`,
    )
  }
  return only
}

function trajectoryText(whole: Trajectory): string {
  const { retrospective } = whole
  const lines = [
    `${oneLine(whole.title)}  ${whole.id}  ${whole.status}`,
    `started ${whole.startedAt ?? 'never'}${whole.completedAt ? `, ended ${whole.completedAt}` : ''}`,
    ...(whole.runId === null ? [] : [`run ${whole.runId}`]),
    ...(retrospective?.summary ? ['', printable(retrospective.summary)] : []),
    ...whole.chapters.flatMap(({ title, events }, index) => [
      '',
      `${index + 1}. ${oneLine(title)}`,
      ...events.flatMap(({ type, content, decision }) => [
        `   ${oneLine(type, 20)}: ${oneLine(content)}`,
        ...(decision?.alternatives ?? []).map(({ option }) => `      not: ${oneLine(option)}`),
        ...(decision?.reasoning ? [`      because: ${oneLine(decision.reasoning)}`] : []),
      ]),
    ]),
    ...whole.problems.map(({ field, message }) => `problem: ${printable(`${field} ${message}`)}`),
  ]
  return lines.join('\n')
}
