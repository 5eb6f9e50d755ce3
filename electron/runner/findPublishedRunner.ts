import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'

/** A published runner that can be started: `node` runs `cli`. */
export interface PublishedRunner {
  readonly packageName: string
  readonly version: string
  readonly cli: string
  readonly node: string
}

/** The packages that hold the runner, the preferred one first, and where its program lies in them. */
const packages = [
  { packageName: '@relayflows/core', program: 'dist/cli.js' },
  { packageName: '@agent-relay/sdk', program: 'dist/workflows/cli.js' },
] as const
const oldestNode = 20
const askMs = 10_000
const run = promisify(execFile)
const packageSchema = z.looseObject({ version: z.string() })

/**
 * Finds the runner that is installed for a workspace: in its own `node_modules`, or in one further up within the same
 * repository. `nodePath` names the Node that runs it; without one it is looked for on PATH. Throws `not_supported` with
 * what to install.
 */
export async function findPublishedRunner({
  workspaceDir,
  nodePath,
  reason = '',
}: {
  readonly workspaceDir: string
  readonly nodePath: string | null
  /** Why it is needed; stands before the words of a refusal. */
  readonly reason?: string | undefined
}): Promise<PublishedRunner> {
  const found = await findPackage(workspaceDir, reason === '' ? '' : `${reason}, so the published runner is needed. `)
  return { ...found, node: await checkNode(nodePath ?? 'node') }
}

async function findPackage(workspaceDir: string, why: string): Promise<Omit<PublishedRunner, 'node'>> {
  let without: string | undefined
  for (const folder of foldersOfRepository(workspaceDir)) {
    for (const { packageName, program } of packages) {
      const dir = join(folder, 'node_modules', packageName)
      const version = await versionOf(dir)
      if (version === undefined) continue
      const cli = join(dir, program)
      if (existsSync(cli)) return { packageName, version, cli }
      without ??= `${packageName} ${version} in ${dir} has no workflow runner. `
    }
  }
  throw new RundeskError(
    'not_supported',
    `${why}${without ?? ''}The published runner is not installed in ${workspaceDir}. Install it there with: npm install @relayflows/core`,
  )
}

/** The workspace and the folders above it, up to the one that is the repository's; only the workspace outside of one. */
function foldersOfRepository(workspaceDir: string): readonly string[] {
  const folders: string[] = []
  for (let folder = workspaceDir; ; folder = dirname(folder)) {
    folders.push(folder)
    if (existsSync(join(folder, '.git'))) return folders
    if (dirname(folder) === folder) return [workspaceDir]
  }
}

async function versionOf(packageDir: string): Promise<string | undefined> {
  try {
    return packageSchema.parse(JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))).version
  } catch {
    return undefined
  }
}

async function checkNode(node: string): Promise<string> {
  const way = 'Install Node 20 or newer, or name it in the settings.'
  let said: string
  try {
    said = (await run(node, ['--version'], { timeout: askMs })).stdout.trim()
  } catch (error) {
    throw new RundeskError(
      'not_supported',
      `The published runner needs Node, and ${node} could not be started (${errnoCode(error) === undefined ? 'it ended with an error' : causeOf(error)}). ${way}`,
      { cause: error },
    )
  }
  if (Number(/^v(\d+)\./.exec(said)?.[1]) >= oldestNode) return node
  throw new RundeskError('not_supported', `The published runner needs Node 20 or newer; ${node} is ${said}. ${way}`)
}
