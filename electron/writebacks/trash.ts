import { access, mkdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { DeadLetter } from './deadLetters'

export interface Moved {
  readonly from: string
  readonly to: string
}

/** Moves records, each with its sidecar behind it, to the trash of an operation beside the mount's data. Nothing is deleted. */
export async function moveToTrash(
  letters: readonly DeadLetter[],
  { mountDir, operationId }: { readonly mountDir: string; readonly operationId: string },
): Promise<readonly Moved[]> {
  if (letters.length === 0) return []
  const folder = join(mountDir, '.relay', 'rundesk', 'trash', operationId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const moved: Moved[] = []
  for (const { path, sidecar } of letters) {
    const files = sidecar ? [path, join(dirname(path), sidecar.name)] : [path]
    for (const from of files) {
      const to = join(folder, basename(from))
      const done = await rename(from, to).then(
        () => true,
        () => false,
      )
      if (done) moved.push({ from, to })
    }
  }
  return moved
}

/** Moves files back to where they were. Throws `changed`, moving nothing, when something new stands there. */
export async function moveBack(moved: readonly Moved[]): Promise<void> {
  for (const { from } of moved) {
    const taken = await access(from).then(
      () => true,
      () => false,
    )
    if (taken) throw new RundeskError('changed', `${from} exists again, so the old record is not put back over it.`)
  }
  for (const { from, to } of moved) {
    await mkdir(dirname(from), { recursive: true })
    await rename(to, from)
  }
}
