import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a workspace keeps its trajectories. `dataDir` is the value of `TRAJECTORIES_DATA_DIR`, which replaces the rest. */
export interface RootChoice {
  readonly workspaceDir: string
  readonly dataDir?: string | undefined
}

/** The folders to read, the one of newer tools first. They need not exist. */
export function trajectoryRoots({ workspaceDir, dataDir }: RootChoice): readonly string[] {
  const chosen = chosenDir(dataDir)
  if (chosen !== null) return [resolve(workspaceDir, chosen)]
  return [join(workspaceDir, '.agentworkforce', 'trajectories'), join(workspaceDir, '.trajectories')]
}

/** The folder to write to: the one of the newest tool that worked here, else `.trajectories`. */
export async function writtenRoot(choice: RootChoice): Promise<string> {
  const [newer = '', older] = trajectoryRoots(choice)
  if (older === undefined) return newer
  const found = await stat(newer).catch(() => undefined)
  return found?.isDirectory() ? newer : older
}

/** Empty and the text "undefined" (left by a tool that stored an unset variable) count as unset; a leading `~` is the home. */
function chosenDir(dataDir: string | undefined): string | null {
  const value = dataDir?.trim() ?? ''
  if (value === '' || value === 'undefined') return null
  return value === '~' || value.startsWith('~/') ? join(homedir(), value.slice(1)) : value
}
