import { opendir, realpath } from 'node:fs/promises'
import { isAbsolute, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import type { WorkflowFileEntry } from '../../shared/workflows'
import { containedPath } from '../files/containedPath'
import { errnoCode } from '../files/errnoCode'
import { checkFile } from './checkFile'
import { findingLine } from './findings'
import { readYamlText } from './yamlText'

/** Where workflow files lie in a workspace, by convention. */
const folders = ['', 'workflows', '.relay/workflows']
const limits = { entries: 20_000, candidates: 500, files: 200 }

/**
 * The workflow files of a workspace, relay.yaml first, then by name. Other YAML files are left out. Links that lead out of
 * the workspace are not followed. `cut`: there are more than are looked at (200 workflow files, 500 YAML files).
 */
export async function listWorkflowFiles(
  workspaceDir: string,
): Promise<{ readonly files: WorkflowFileEntry[]; readonly cut: boolean }> {
  const found = (await Promise.all(folders.map((folder) => yamlFilesIn(workspaceDir, folder)))).flat()
  const order = (file: string): string => (file === 'relay.yaml' ? '' : file)
  const candidates = found.sort((a, b) => (order(a) < order(b) ? -1 : 1))
  const files: WorkflowFileEntry[] = []
  for (const file of candidates.slice(0, limits.candidates)) {
    if (files.length === limits.files) return { files, cut: true }
    const entry = await readEntry(workspaceDir, file)
    if (entry) files.push(entry)
  }
  return { files, cut: candidates.length > limits.candidates }
}

/**
 * The path of a workflow file that a window named. Throws `refused` unless it is relative and leads, links followed, to a
 * place in the workspace.
 */
export async function workflowFileIn(workspaceDir: string, file: string): Promise<string> {
  if (isAbsolute(file)) throw new RundeskError('refused', `${file} must be relative to the workspace ${workspaceDir}.`)
  const path = containedPath(workspaceDir, file)
  const real = await realpath(path).catch((error: unknown) => {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined
    throw new RundeskError('invalid_workflow', `${file} cannot be read (${causeOf(error)}).`)
  })
  if (real !== undefined && !real.startsWith((await realpath(workspaceDir)) + sep))
    throw new RundeskError('refused', `${file} is a link that leads out of the workspace ${workspaceDir}.`)
  return path
}

async function yamlFilesIn(workspaceDir: string, folder: string): Promise<readonly string[]> {
  const files: string[] = []
  try {
    const path = folder === '' ? workspaceDir : await workflowFileIn(workspaceDir, folder)
    let looked = 0
    for await (const entry of await opendir(path)) {
      if (++looked > limits.entries) break
      const isYaml = /\.ya?ml$/i.test(entry.name) && (entry.isFile() || entry.isSymbolicLink())
      if (isYaml) files.push(folder === '' ? entry.name : `${folder}/${entry.name}`)
    }
  } catch {
    // A folder that is not there, or may not be read, holds no workflow that could be started.
  }
  return files
}

async function readEntry(workspaceDir: string, file: string): Promise<WorkflowFileEntry | null> {
  try {
    const path = await workflowFileIn(workspaceDir, file)
    const text = await readYamlText(path, file)
    if (!/\bworkflows["']?\s*:/.test(text) || !/\bswarm["']?\s*:/.test(text)) return null
    const { raw, config, findings, others } = await checkFile({ path, shown: file, workspaceDir })
    if (!config && raw !== undefined && !looksLikeWorkflow(raw)) return null
    await findings.place()
    const error = [...findings.list(), ...others].find(({ severity }) => severity === 'error')
    return {
      file,
      name: config?.name ?? file,
      description: config?.description ?? null,
      workflows: config?.workflows.map(({ name }) => name) ?? [],
      error: error ? findingLine(error) : null,
    }
  } catch (error) {
    if (!(error instanceof RundeskError)) throw error
    if (file !== 'relay.yaml' || error.code === 'refused') return null
    return { file, name: file, description: null, workflows: [], error: error.message }
  }
}

function looksLikeWorkflow(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'workflows' in raw && 'swarm' in raw
}
