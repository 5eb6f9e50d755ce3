import { join } from 'node:path'
import type { Problem } from '../../shared/runs'
import { createBreath } from '../files/breath'
import { isObject } from './fieldReader'
import type { FolderTrouble } from './folderScan'
import type { IndexReading } from './indexDocument'
import type { IndexLine } from './indexJournal'
import { saysTheSame } from './indexMerge'
import { leadsTo } from './indexPaths'
import { isIndexed, toIndexFacts } from './reconcileEntries'
import type { ListedTrajectory } from './trajectoryList'

type Listed = ReadonlyMap<string, ListedTrajectory>

/** The index as it was last looked at. */
export interface IndexLook {
  readonly reading: IndexReading
  readonly lines: ReadonlyMap<string, IndexLine>
}

/** Is this the code of a problem that reconciling the index repairs? */
export function isRepairedByReconciling(code: string): boolean {
  return code.startsWith('index_')
}

/** Everything that is unreadable, damaged or contradictory in one folder. */
export async function findProblems({
  root,
  listed,
  troubles,
  index,
}: {
  readonly root: string
  readonly listed: Listed
  readonly troubles: readonly FolderTrouble[]
  readonly index: IndexLook
}): Promise<readonly Problem[]> {
  const breathe = createBreath()
  const problems: Problem[] = troubles.map(({ path, message }) => ({
    code: 'unreadable_folder',
    path,
    line: null,
    message: `This ${message}.`,
  }))
  problems.push(...(await indexProblems(root, listed, index)))
  for (const trajectory of listed.values()) {
    await breathe()
    if (trajectory.file.problemCount > 0 || trajectory.copies.length > 0)
      problems.push(...recordProblems(root, trajectory))
  }
  return problems
}

function recordProblems(root: string, { file, path, copies }: ListedTrajectory): Problem[] {
  const whole = join(root, path)
  const problems = file.problems.map(({ field, message }): Problem => {
    const isWhole = field === 'file'
    const effect = isWhole ? 'Nothing of it is shown.' : 'The rest is shown; other tools may refuse the whole file.'
    const sentence = isWhole ? `The file ${message}.` : `${field} ${message}.`
    return {
      code: isWhole ? 'unreadable_trajectory' : 'trajectory_field',
      path: whole,
      line: null,
      message: `${sentence} ${effect}`,
    }
  })
  const more = file.problemCount - problems.length
  if (more > 0)
    problems.push({
      code: 'trajectory_field',
      path: whole,
      line: null,
      message: `${more} more of its fields are wrong.`,
    })
  for (const copy of copies)
    problems.push({
      code: 'duplicate_trajectory',
      path: join(root, copy),
      line: null,
      message: `Has the id ${file.id} of ${whole}, which ended later and is the one that is shown. Remove the one that is not wanted.`,
    })
  return problems
}

/** A save this young may not be in the index yet. */
const pendingMs = 10_000
const repair = 'Reconcile the index'

async function indexProblems(root: string, listed: Listed, { reading, lines }: IndexLook): Promise<Problem[]> {
  const path = join(root, 'index.json')
  const problem = (code: string, message: string, more: Pick<Problem, 'repair'> = {}): Problem => ({
    code,
    path,
    line: null,
    message,
    ...more,
  })
  if (reading.kind === 'malformed')
    return [
      problem(
        'index_malformed',
        `The index ${reading.message}. The trajectories are shown from their files; the next save, or the repair, keeps the index aside and builds it anew.`,
        { repair },
      ),
    ]
  if (reading.kind === 'newer')
    return [problem('index_newer', `The index ${reading.message}, so it is left as it is. Update Rundesk.`)]
  if (reading.kind === 'unreadable')
    return [problem('index_unreadable', `The index ${reading.message}. The trajectories are shown from their files.`)]
  if (reading.kind !== 'index') return []
  const isPending = (id: string): boolean => Date.now() - Date.parse(lines.get(id)?.at ?? '') < pendingMs
  const { entries } = reading.document
  const odd = { foreign: [] as string[], gone: [] as string[], stale: [] as string[], missing: [] as string[] }
  const breathe = createBreath()
  for (const [id, entry] of entries) {
    await breathe()
    if (isPending(id)) continue
    const trajectory = listed.get(id)
    if (!trajectory) odd.gone.push(id)
    else if (isObject(entry) && !leadsTo(root, entry.path, trajectory.path)) odd.foreign.push(id)
    else if (!saysTheSame(root, entry, toIndexFacts(trajectory))) odd.stale.push(id)
  }
  for (const [id, trajectory] of listed) {
    await breathe()
    if (isIndexed(trajectory) && !entries.has(id) && !isPending(id)) odd.missing.push(id)
  }
  const tell = (code: string, ids: readonly string[], [one, many]: readonly [string, string]): Problem[] =>
    ids.length === 0
      ? []
      : [
          problem(
            code,
            `${ids.length === 1 ? one : `${ids.length} ${many}`} (${ids[0]}${ids.length > 1 ? ', …' : ''}).`,
            { repair },
          ),
        ]
  return [
    ...tell('index_path', odd.foreign, [
      'An entry names a path where its file is not; the file is found in the folder',
      'entries name paths where their files are not; the files are found in the folder',
    ]),
    ...tell('index_no_file', odd.gone, ['An entry has no file', 'entries have no file']),
    ...tell('index_stale', odd.stale, [
      'An entry says something else than its file',
      'entries say something else than their files',
    ]),
    ...tell('index_missing', odd.missing, ['A trajectory is not in the index', 'trajectories are not in the index']),
  ]
}
