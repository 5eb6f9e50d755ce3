import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Runs the action with proof from outside the lock that nobody else is inside: a Linux socket name that the kernel gives
 * to one process at a time, and takes back when the process dies. Gives whether we were the only one; elsewhere always true.
 */
export async function onlyHolder(place: string, action: () => Promise<void>): Promise<boolean> {
  if (process.platform !== 'linux') return action().then(() => true)
  const name = `\0rundesk-${createHash('sha256').update(place).digest('hex').slice(0, 32)}`
  const server = createServer()
  const alone = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(name, () => resolve(true))
  })
  await action()
  if (alone) await new Promise<void>((resolve) => server.close(() => resolve()))
  return alone
}
