import { join } from 'node:path'
import type { Problem } from '../../shared/runs'
import { type DeadLetterFile, isSidecar } from './deadLetters'
import type { OutboxFolder } from './foldItem'
import type { MountFacts } from './mountFacts'
import type { FileChange } from './recordFolder'

type Folders = Readonly<Record<'dead' | OutboxFolder | 'conflicts', { readonly error: () => string | null }>>

/** Everything that is wrong in one mount. */
export interface MountProblems {
  readonly takeDead: (changes: readonly FileChange<DeadLetterFile>[]) => void
  readonly takeOutbox: (folder: OutboxFolder, changes: readonly FileChange<unknown>[]) => void
  /** The same list as before when nothing changed. `waits` tells whether something is to be sent. */
  readonly all: (facts: MountFacts, now: { readonly folders: Folders; readonly waits: boolean }) => readonly Problem[]
}

export function createMountProblems(localDir: string): MountProblems {
  const relay = join(localDir, '.relay')
  const ofFiles = new Map<string, Problem>()
  let filesChanged = true
  let last: readonly Problem[] = []
  let lastOwn = ''

  const set = (at: string, problem: Problem | undefined): void => {
    if (problem) ofFiles.set(at, problem)
    else if (!ofFiles.delete(at)) return
    filesChanged = true
  }

  return {
    takeDead: (changes) => {
      for (const { name, after } of changes) {
        const problem = after && ofDeadLetter(after)
        if (problem || ofFiles.size > 0) set(`dead/${name}`, problem)
      }
    },
    takeOutbox: (folder, changes) => {
      for (const { name, after } of changes) {
        const message = `This outbox record ${after?.error}. It is kept as it is.`
        set(
          `${folder}/${name}`,
          after && after.error !== null ? toProblem('unreadable_outbox_record', after.path, message) : undefined,
        )
      }
    },
    all: (facts, { folders, waits }) => {
      const own = [...facts.problems]
      if (!facts.daemon.alive && !facts.daemon.stale && waits)
        own.push(
          toProblem(
            'daemon_not_running',
            localDir,
            'Writebacks wait here, but no mount daemon runs that would send them. Start the mount.',
          ),
        )
      for (const [name, folder] of Object.entries(folders)) {
        const error = folder.error()
        if (error === null) continue
        const path =
          name === 'dead'
            ? join(relay, 'dead-letter')
            : name === 'conflicts'
              ? join(relay, name)
              : join(relay, 'outbox', name)
        own.push(toProblem('unreadable_folder', path, `This folder ${error}, so writebacks may be missing here.`))
      }
      const words = JSON.stringify(own)
      if (!filesChanged && words === lastOwn) return last
      filesChanged = false
      lastOwn = words
      last = [...own, ...ofFiles.values()]
      return last
    },
  }
}

function ofDeadLetter(file: NonNullable<FileChange<DeadLetterFile>['after']>): Problem | undefined {
  const { path, error, name, value } = file
  if (isSidecar(file)) {
    if (error === null) return undefined
    const message = `This error detail ${error}. The record beside it is shown without it.`
    return toProblem('damaged_sidecar', path, message)
  }
  if (error !== null || !value) {
    const message = `This dead-letter record ${error}. It is kept as it is and hides nothing else.`
    return toProblem('unreadable_record', path, message)
  }
  const { opId, path: named } = value.record
  if (!named?.trim()) {
    const message = 'This dead-letter record names no path. It is kept as it is and hides nothing else.'
    return toProblem('unreadable_record', path, message)
  }
  if (!opId?.trim() || `${opId}.json` === name) return undefined
  const message = `This record says that its operation is ${JSON.stringify(opId)}, but its file has another name.`
  return toProblem('misnamed_record', path, message)
}

function toProblem(code: string, path: string, message: string): Problem {
  return { code, path, line: null, message }
}
