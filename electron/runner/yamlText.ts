import { constants, open } from 'node:fs/promises'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'

const maxYamlBytes = 4 * 1024 * 1024

/** The text of a workflow file. Throws `invalid_workflow`, naming it `shown`, for what is no plain file of at most 4 MiB. */
export async function readYamlText(path: string, shown: string): Promise<string> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new RundeskError('invalid_workflow', `${shown} ${what}`, { cause })
  }
  // Without waiting: opening a pipe would wait for somebody who writes.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) =>
    refuse(whyNotOpened(error), error),
  )
  try {
    const found = await handle.stat()
    if (found.isDirectory()) refuse('is a folder. Name the workflow file.')
    if (!found.isFile()) refuse('is no plain file. Name the workflow file.')
    if (found.size > maxYamlBytes) refuse(`has ${found.size} bytes. A workflow file holds at most 4 MiB.`)
    const buffer = Buffer.alloc(found.size)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.toString('utf8', 0, length)
  } catch (error) {
    if (error instanceof RundeskError) throw error
    return refuse(`cannot be read (${causeOf(error)}).`, error)
  } finally {
    await handle.close()
  }
}

function whyNotOpened(error: unknown): string {
  switch (errnoCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'cannot be read: it does not exist. Check the path.'
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read. Ask for read access to it.'
    default:
      return `cannot be read (${causeOf(error)}).`
  }
}
