import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { isMissing } from '../files/boundedRead'

/** Throws `refused` when the folder, links followed, is not inside the root. A folder that is not there is fine. */
export async function mustStayInside(root: string, path: string): Promise<void> {
  const whole = join(root, path)
  const real = await realpath(whole).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (real === undefined) return
  const base = await realpath(root)
  if (real !== base && !real.startsWith(base + sep))
    throw new RundeskError(
      'refused',
      `${whole} is a link that leads outside the folder: nothing is written or removed there.`,
    )
}
