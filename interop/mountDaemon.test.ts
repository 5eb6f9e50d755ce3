import { symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, type TestContext, test } from 'vitest'
import { appliedCounts } from '../electron/demo/practiceServer/practiceFiles'
import type { WritebackItem } from '../shared/writebacks'
import { fetchMountBinary } from './mountPackage'
import { openRealMount, type RealMount } from './realMount'

const mount = await fetchMountBinary()
if (mount.kind === 'left-out')
  process.stderr.write(`rundesk: the tests with the mount daemon are left out: ${mount.reason}\n`)

const path = '/docs/a.md'
const five = 'one\ntwo\nthree\nfour\nfive\n'
const refused = { kind: 'refuse', status: 422, body: { message: 'title must not be empty' } } as const

function opened(
  { onTestFinished }: TestContext,
  { seedFiles = { [path]: five }, credentials = false }: Partial<Parameters<typeof openRealMount>[1]> = {},
): Promise<RealMount> {
  if (mount.kind === 'left-out') throw new Error(mount.reason)
  return openRealMount(mount.path, { seedFiles, credentials, onEnd: onTestFinished })
}

/** A mount with one edit that the server has refused until the daemon gave it up. */
async function stuck(context: TestContext, { credentials } = { credentials: false }): Promise<RealMount> {
  const real = await opened(context, { credentials })
  const fault = real.server.faults.set({ on: ['write'], effect: refused })
  await real.edit(path, 'edited\n')
  await real.until(path, 'stuck')
  real.server.faults.clear(fault)
  return real
}

const contentOf = ({ server }: RealMount, file = path): string | undefined => server.files.files.get(file)?.content
/** Waits until Rundesk says of the daemon that it is alive, or is not; gives its process id. */
const untilDaemon = (real: RealMount, alive: boolean): Promise<number | null> =>
  real.waitFor(`the daemon to be ${alive ? 'alive' : 'dead'}`, async () => {
    const { mounts } = await real.client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 1 })
    const daemon = mounts[0]?.daemon
    return daemon?.alive === alive && (!alive || daemon.pid === real.daemon().pid) ? daemon.pid : undefined
  })

/** Edits the file there and here; the daemon sends its edit before it hears of the other. */
async function editBoth(real: RealMount, { theirs, mine }: { readonly theirs: string; readonly mine: string }) {
  const deaf = real.server.faults.set({ on: ['events'], effect: { kind: 'refuse', status: 503 } })
  real.server.files.put(path, { content: theirs })
  await real.edit(path, mine)
  await real.waitFor('the refused record', async () =>
    (await real.outbox(path)).find(({ folder }) => folder === 'failed'),
  )
  real.server.faults.clear(deaf)
}

describe.skipIf(mount.kind === 'left-out').concurrent('the published mount daemon, seen and helped by Rundesk', () => {
  test('a write that it gave up is delivered by a retry, once', async (context) => {
    const real = await stuck(context)
    const before = contentOf(real)
    const outcome = await real.retry(path)
    await real.until(path, 'delivered')
    const applied = [...appliedCounts(real.server.files.writes).values()]
    expect([before, outcome.outcome, contentOf(real), applied]).toEqual([five, 'delivered', 'edited\n', [1]])
  })

  test('a retry that is refused again fails, and says why', async (context) => {
    const real = await stuck(context)
    real.server.faults.set({ on: ['write'], effect: refused })
    const { outcome, detail } = await real.retry(path)
    expect([outcome, detail, contentOf(real)]).toEqual([
      'failed',
      expect.stringContaining('title must not be empty'),
      five,
    ])
  })

  test('a write whose answer was lost is not applied again', async (context) => {
    const real = await opened(context)
    real.server.faults.set({ on: ['write'], times: 2, effect: { kind: 'lose-answer' } })
    await real.edit(path, 'edited\n')
    await real.waitFor('the receipt', async () => (await real.outbox(path)).find(({ folder }) => folder === 'acked'))
    const { writes } = real.server.files
    expect([writes.length > 2, [...appliedCounts(writes).values()], contentOf(real)]).toEqual([true, [1], 'edited\n'])
  })

  test('what an answer names nowhere is not called delivered', async (context) => {
    const real = await stuck(context)
    real.server.faults.set({ on: ['write'], effect: { kind: 'omit-file' } })
    const ask = await real.beginRetry(path)
    await real.waitFor('the record among the acked', async () =>
      (await real.outbox(path)).find(({ folder }) => folder === 'acked'),
    )
    expect([(await ask()).outcome, contentOf(real)]).toEqual(['sent', five])
  })

  test('an accepted write whose receipt does not come is accepted, not undelivered', async (context) => {
    const real = await opened(context)
    real.server.faults.set({ on: ['op'], effect: { kind: 'hold' } })
    await real.edit(path, 'edited\n')
    await real.until(path, 'accepted')
    const { summary } = await real.client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 1 })
    expect([summary.undelivered, contentOf(real)]).toEqual([0, 'edited\n'])
  })

  test('a write that the provider refused after acceptance is rejected, with its reason', async (context) => {
    const real = await opened(context)
    real.server.faults.set({ on: ['op'], effect: { kind: 'reject', message: 'provider said no' } })
    await real.edit(path, 'edited\n')
    expect((await real.until(path, 'rejected')).message).toContain('provider said no')
  })

  test('an edit of lines that the server changed too is a conflict, and both versions are kept', async (context) => {
    const real = await opened(context)
    await editBoth(real, { theirs: 'theirs\n', mine: 'mine\n' })
    await real.until(path, 'conflict')
    const copy = join(real.mountDir, '.relay', 'conflicts', 'docs', 'a.md.rev_1.local')
    expect([contentOf(real), await readFile(join(real.mountDir, path), 'utf8'), await readFile(copy, 'utf8')]).toEqual([
      'theirs\n',
      'theirs\n',
      'mine\n',
    ])
  })

  test('an edit that was merged is delivered, although its record lies among the failed', async (context) => {
    const real = await opened(context)
    await editBoth(real, { theirs: five.replace('one', 'ONE'), mine: five.replace('five', 'five mine') })
    const { state } = await real.until(path, 'stale')
    const folders = (await real.outbox(path)).map(({ folder }) => folder)
    const merged = 'ONE\ntwo\nthree\nfour\nfive mine\n'
    expect([state, folders, contentOf(real), await readFile(join(real.mountDir, path), 'utf8')]).toEqual([
      'stale',
      ['failed'],
      merged,
      merged,
    ])
  })

  test('an edit that a change of the server overtook is a conflict, though the outbox knows nothing of it', async (context) => {
    const files = Array.from({ length: 60 }, (_, index) => `/docs/${index}.md`)
    const real = await opened(context, { seedFiles: Object.fromEntries(files.map((file) => [file, five])) })
    const copies = join(real.mountDir, '.relay', 'conflicts', 'docs')
    const overtaken = await real.waitFor('an edit that was overtaken', async () => {
      const file = files.shift() ?? '/docs/none-left.md'
      real.server.files.put(file, { content: 'theirs\n' })
      await real.edit(file, 'mine\n')
      await real.daemon().flush()
      const copied = (await readdir(copies).catch(() => [])).some((name) => `/docs/${name}`.startsWith(file))
      return copied && (await real.outbox(file)).length === 0 ? file : undefined
    })
    expect((await real.until(overtaken, 'conflict')).path).toBe(overtaken)
  })

  test('a refused delete is rejected: the file is gone here and there still', async (context) => {
    const real = await opened(context)
    real.server.faults.set({ on: ['delete'], effect: { kind: 'refuse', status: 422 } })
    await rm(join(real.mountDir, path))
    await real.until(path, 'rejected')
    expect(contentOf(real)).toBe(five)
  })

  test('a write that is denied is rejected: its edit was taken back', async (context) => {
    const real = await opened(context)
    const denial = {
      kind: 'refuse-file',
      code: 'forbidden',
      message: 'file access denied by permission policy',
    } as const
    real.server.faults.set({ on: ['write'], effect: denial })
    await real.edit(path, 'edited\n')
    const item = await real.until(path, 'rejected')
    expect([item.message, await readFile(join(real.mountDir, path), 'utf8')]).toEqual([
      expect.stringContaining('permission policy'),
      five,
    ])
  })

  test('a symlink makes what was saved with it stuck; without it a retry delivers', async (context) => {
    const real = await opened(context)
    const link = join(real.mountDir, 'docs', 'link.md')
    symlinkSync('a.md', link) // With nothing between the two, so that the daemon sends them together.
    writeFileSync(join(real.mountDir, path), 'edited\n')
    const both = async (): Promise<WritebackItem | undefined> => {
      const [file, other] = [await real.item(path), await real.item('/docs/link.md')]
      return file?.state === 'stuck' && other?.state === 'stuck' ? file : undefined
    }
    const item = await real.waitFor('both to be stuck', both, { hurry: false })
    const said = [item.class, item.message]
    await unlink(link)
    const { outcome } = await real.retry(path)
    expect([said, outcome, contentOf(real)]).toEqual([
      [expect.not.stringMatching(/^network$/), expect.stringContaining('does not support symlink-v1')],
      'delivered',
      'edited\n',
    ])
  })

  test('it is alive while it runs, and not when it was killed, though its lease stays', async (context) => {
    const real = await opened(context)
    const alive = await untilDaemon(real, true)
    await real.daemon().kill()
    await untilDaemon(real, false)
    const leases = await readdir(join(real.home, '.cache', 'relayfile', 'mount-leases'))
    expect([alive, leases.length]).toEqual([real.daemon().pid, 1])
  })

  test('what was stuck stays stuck over a crash and a restart, and is then delivered by a retry', async (context) => {
    const real = await stuck(context)
    await real.restart()
    await real.daemon().flush()
    const state = (await real.item(path))?.state
    await untilDaemon(real, true)
    const { outcome } = await real.retry(path)
    expect([state, outcome, contentOf(real)]).toEqual(['stuck', 'delivered', 'edited\n'])
  })

  test('what was stuck when the daemon died is delivered without it, and by it no second time', async (context) => {
    const real = await stuck(context, { credentials: true })
    await real.daemon().kill()
    await untilDaemon(real, false)
    const { outcome } = await real.retry(path)
    await real.restart()
    await real.daemon().flush()
    const applied = [...appliedCounts(real.server.files.writes).values()]
    expect([outcome, contentOf(real), applied]).toEqual(['delivered', 'edited\n', [1]])
  })

  test('what the provider refused after acceptance is replayed at the server until it is delivered', async (context) => {
    const real = await opened(context, { credentials: true })
    const fault = real.server.faults.set({ on: ['op'], effect: { kind: 'reject', message: 'provider said no' } })
    await real.edit(path, 'edited\n')
    await real.until(path, 'rejected')
    real.server.faults.clear(fault)
    const { outcome } = await real.retry(path)
    expect([outcome, real.server.files.ops.get('op_1')?.status]).toEqual(['delivered', 'succeeded'])
  })
})
