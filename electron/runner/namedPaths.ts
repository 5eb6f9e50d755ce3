import { stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { NamedPath } from '../../shared/workflowFile'
import { containedPath } from '../files/containedPath'
import type { FindingList } from './findings'

/** The folder that an entry of `paths` means: relative to the workspace, `$NAME` replaced by the environment's value. */
export function namedFolder({ path }: Pick<NamedPath, 'path'>, workspaceDir: string): string {
  const expanded = path.replace(/\$([A-Za-z_][A-Za-z0-9_]*)/g, (whole, name: string) => process.env[name] ?? whole)
  return resolve(workspaceDir, expanded)
}

/** Tells the entries that do not exist: an error unless they are not required. */
export async function checkNamedPaths(
  paths: readonly NamedPath[],
  workspaceDir: string,
  findings: FindingList,
): Promise<void> {
  for (const [index, entry] of paths.entries()) {
    const folder = namedFolder(entry, workspaceDir)
    const found = await stat(folder).catch(() => undefined)
    if (found) continue
    findings.add(['paths', index, 'path'], {
      severity: entry.required === false ? 'warning' : 'error',
      message: `the path ${JSON.stringify(entry.name)} is ${folder}, which does not exist`,
    })
  }
}

/** The folder a step runs in: its `cwd`, which stays inside the workspace, else its `workdir`, else the workspace. */
export function stepFolder(
  step: { readonly name: string; readonly cwd?: string | undefined; readonly workdir?: string | undefined },
  { workspaceDir, paths }: { readonly workspaceDir: string; readonly paths: readonly NamedPath[] },
): string {
  if (step.cwd !== undefined && step.cwd !== '') {
    const inside = relative(workspaceDir, resolve(workspaceDir, step.cwd))
    if (inside === '..' || inside.startsWith(`..${sep}`))
      throw new RundeskError(
        'refused',
        `cwd ${JSON.stringify(step.cwd)} leads out of the workspace ${workspaceDir}. Name a folder inside it.`,
      )
    return inside === '' ? workspaceDir : containedPath(workspaceDir, inside)
  }
  if (step.workdir === undefined) return workspaceDir
  const entry = paths.find(({ name }) => name === step.workdir)
  if (!entry)
    throw new RundeskError(
      'invalid_workflow',
      `Step ${JSON.stringify(step.name)} names the workdir ${JSON.stringify(step.workdir)}, which is none of the paths.`,
    )
  return namedFolder(entry, workspaceDir)
}
