import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from './errnoCode'
import { withMutex } from './mutex'
import { readPlainText } from './plainFile'
import { hostIdentity, isIdentityAlive, ownIdentity, type ProcessIdentity } from './processIdentity'
import { removeStaleTemporaries, temporaryPath } from './temporaryFiles'

const holderSchema = z.object({
  token: z.string().regex(/^[0-9a-f]{24}$/),
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
})
type Holder = z.infer<typeof holderSchema>

/** How long an unreadable lock file may be in the making (file systems without hard links) before it counts as damage. */
const unreadableGraceMs = 5_000

/**
 * Runs the action while holding a lock that works across processes and survives crashes. The lock file names its owner
 * (pid, start time, host); a dead owner's lock is taken over, a living owner's never. Within this process callers queue,
 * by the real path of the lock, however they name it.
 * Throws `locked`, naming the holder, when the lock was not free within `waitMs` (default 10 s). Creates the lock's folder.
 */
export function withFileLock<T>(
  lockPath: string,
  action: () => Promise<T>,
  { waitMs = 10_000 }: { readonly waitMs?: number } = {},
): Promise<T> {
  return withMutex(`lock named ${resolve(lockPath)}`, async () => {
    await mkdir(dirname(lockPath), { recursive: true, mode: 0o755 })
    const path = join(await realpath(dirname(lockPath)), basename(lockPath))
    return withMutex(`lock ${path}`, () => holding(path, action, Date.now() + waitMs))
  })
}

async function holding<T>(path: string, action: () => Promise<T>, deadlineMs: number): Promise<T> {
  const { token, tookOver } = await acquire(path, deadlineMs)
  try {
    if (tookOver || !tidied.has(path)) await tidy(path)
    return await action()
  } finally {
    await release(path, token)
  }
}

interface Acquired {
  readonly token: string
  /** A dead owner's lock was in the way. */
  readonly tookOver: boolean
}

async function acquire(path: string, deadlineMs: number): Promise<Acquired> {
  const holder: Holder = { token: randomBytes(12).toString('hex'), ...(await ownIdentity()) }
  let tookOver = false
  for (let pauseMs = 4; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    if (await create(path, holder)) return { token: holder.token, tookOver }
    const current = await readHolder(path)
    if (current === 'free') continue
    if (current !== 'unreadable' && (await isIdentityAlive(current)) === false) {
      await removeDead(path, current, deadlineMs)
      tookOver = true
      continue
    }
    if (Date.now() >= deadlineMs) throw stillLocked(path, current)
    await sleep(pauseMs * (0.5 + Math.random()))
  }
}

/** Creates the lock with its whole content in one step (hard link of a finished file), so that nobody reads half of it. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const temp = temporaryPath(path)
  try {
    await writeFile(temp, JSON.stringify(holder), { flag: 'w', mode: 0o644 })
    await link(temp, path)
    return true
  } catch (error) {
    const code = errnoCode(error)
    if (code === 'EEXIST') return false
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return await createWithoutLinks(path, holder)
    throw error
  } finally {
    await unlink(temp).catch(() => undefined)
  }
}

async function createWithoutLinks(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o644)
    try {
      await handle.writeFile(JSON.stringify(holder))
    } catch (error) {
      await unlink(path).catch(() => undefined)
      throw error
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false
    throw error
  }
}

async function readHolder(path: string): Promise<Holder | 'free' | 'unreadable'> {
  let text: string
  try {
    text = await readPlainText(path)
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return 'free'
    if (error instanceof RundeskError)
      throw new RundeskError(
        'locked',
        `${path} is no plain file, so nobody can tell who holds it. Make sure that no Rundesk runs here, then delete it.`,
        { cause: error },
      )
    throw error
  }
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    const file = await stat(path).catch(() => undefined)
    if (!file || Date.now() - file.mtimeMs <= unreadableGraceMs) return 'unreadable'
    if (file.mtimeMs < Date.now() - uptime() * 1000) return leftByPowerCut(text, file)
    throw new RundeskError(
      'locked',
      `${path} is damaged, so nobody can tell who holds it. Make sure that no Rundesk runs here, then delete this file.`,
    )
  }
}

/** A lock that is older than the start of the machine has no living owner, whatever is left of its content. */
function leftByPowerCut(text: string, { ino, mtimeMs }: { readonly ino: number; readonly mtimeMs: number }): Holder {
  const token = createHash('sha256').update(`${ino} ${mtimeMs} ${text}`).digest('hex').slice(0, 24)
  return { token, pid: 0, startTime: null, host: hostIdentity }
}

/** Does a living process, or one that nobody can tell of, hold this lock? */
export async function isLockHeld(path: string): Promise<boolean> {
  const holder = await readHolder(path).catch(() => 'unreadable' as const)
  if (holder === 'free') return false
  return holder === 'unreadable' || (await isIdentityAlive(holder)) !== false
}

/** Is the lock file there and such that nobody can tell who holds it, and not just being made? */
export async function isLockDamaged(path: string): Promise<boolean> {
  try {
    await readHolder(path)
    return false
  } catch (error) {
    return error instanceof RundeskError && error.code === 'locked'
  }
}

/**
 * Removes a dead owner's lock. Only the holder of a second lock, named after the dead owner's unique token, may do it,
 * and only while the file still carries that token: so a lock that somebody took in the meantime is never removed.
 */
async function removeDead(path: string, dead: Holder, deadlineMs: number): Promise<void> {
  const guard = `${path}.${dead.token}`
  const { token } = await acquire(guard, deadlineMs)
  try {
    const current = await readHolder(path)
    if (typeof current === 'object' && current.token === dead.token) await unlink(path)
  } finally {
    await release(guard, token)
  }
}

const tidied = new Set<string>()

/**
 * Removes what processes left that died while they took or released this lock. The caller holds it, so every second lock
 * is named after a token that is gone for good: even one that somebody still holds guards nothing any more.
 */
async function tidy(path: string): Promise<void> {
  tidied.add(path)
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  for (const name of await readdir(folder).catch(() => [])) {
    const isGuard = name.startsWith(prefix) && /^[0-9a-f]{24}(\.[0-9a-f]{24})*$/.test(name.slice(prefix.length))
    if (isGuard) await rm(join(folder, name), { force: true }).catch(() => undefined)
  }
  await removeStaleTemporaries(folder)
}

async function release(path: string, token: string): Promise<void> {
  const current = await readHolder(path).catch(() => 'unreadable' as const)
  if (typeof current === 'object' && current.token === token) await rm(path, { force: true })
}

function stillLocked(path: string, holder: ProcessIdentity | 'unreadable'): RundeskError {
  if (holder === 'unreadable')
    return new RundeskError('locked', `${path} is being written by another process. Try again.`)
  return new RundeskError(
    'locked',
    `${path} is held by process ${holder.pid} on ${holder.host}. Try again when it is done.`,
    {
      details: { pid: holder.pid, host: holder.host },
    },
  )
}
