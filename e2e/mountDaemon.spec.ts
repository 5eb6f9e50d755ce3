import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { type PracticeServer, startPracticeServer } from '../electron/demo/practiceServer/practiceServer'
import { type MountDaemon, startMountDaemon } from '../interop/mountDaemon'
import { fetchMountBinary } from '../interop/mountPackage'
import { retryOne } from './deskWorld'
import { test as base } from './open'

const account = { token: 'practice-token', workspaceId: 'ws_real' }
const file = 'docs/a.md'

/** A practice server, and the published mount daemon on a folder of the workspace. */
interface Mounted {
  readonly server: PracticeServer
  readonly daemon: MountDaemon
  readonly home: string
  readonly mountDir: string
}

const test = base.extend<{ mounted: Mounted }>({
  mounted: async ({ workspace }, use, info) => {
    const binary = await fetchMountBinary()
    if (binary.kind === 'left-out') process.stderr.write(`rundesk: a story is left out: ${binary.reason}\n`)
    info.skip(binary.kind === 'left-out', binary.kind === 'left-out' ? binary.reason : '')
    if (binary.kind === 'left-out') return
    const home = join(dirname(workspace), 'home')
    const mountDir = join(workspace, 'tickets')
    await mkdir(home, { recursive: true })
    const server = await startPracticeServer({ ...account, seedFiles: { [`/${file}`]: 'one\n' } })
    const daemon = await startMountDaemon({
      ...account,
      binary: binary.path,
      home,
      serverUrl: server.url,
      localDir: mountDir,
    })
    await use({ server, daemon, home, mountDir })
    await daemon.kill()
    await server.close()
  },
})

test('a write that the mount daemon gave up is retried in the window until it is delivered', async ({
  open,
  mounted,
}) => {
  test.slow() // The daemon waits up to four seconds between its attempts.
  const { server, daemon, home, mountDir } = mounted
  const refusal = { kind: 'refuse', status: 422, body: { message: 'title must not be empty' } } as const
  const fault = server.faults.set({ on: ['write'], effect: refusal })
  await writeFile(join(mountDir, file), 'edited\n')
  const { page } = await open({ env: { HOME: home } })
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  const stuck = page.getByRole('option', { name: /Stuck.*a\.md/ })
  await expect(async () => {
    await daemon.flush()
    await expect(stuck).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 60_000 })
  await expect(stuck).toContainText('title must not be empty')
  expect(server.files.files.get(`/${file}`)?.content).toBe('one\n')

  server.faults.clear(fault)
  await stuck.click()
  await retryOne(page)
  await expect(async () => {
    await daemon.flush()
    await expect(page.getByRole('option', { name: /Delivered.*a\.md/ })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 60_000 })
  expect([
    server.files.files.get(`/${file}`)?.content,
    await readFile(join(mountDir, file), 'utf8'),
    server.files.writes.map(({ outcome }) => outcome),
  ]).toEqual(['edited\n', 'edited\n', ['applied']])
})
