import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

/** A file system of 256 KiB at the folder, in a mount namespace that only the command sees. */
const mountIt = 'mount -t tmpfs -o size=256k,mode=700 tmpfs "$0" && exec "$@"'
const namespace = process.getuid?.() === 0 ? ['-m'] : ['-Urm']

function runOnSmallDisk(dir: string, command: readonly string[]): ReturnType<typeof spawnSync> {
  return spawnSync('unshare', [...namespace, 'sh', '-c', mountIt, dir, ...command], { encoding: 'utf8' })
}

async function whatHappens(how: 'real' | 'injected'): Promise<unknown> {
  const dir = await makeTemporaryFolder()
  const script = await bundleScript(join(dirname(fileURLToPath(import.meta.url)), 'smallDisk.testkit.ts'))
  const command = [process.execPath, script, dir, how]
  const [program = '', ...args] = command
  const { stdout, stderr } =
    how === 'real' ? runOnSmallDisk(dir, command) : spawnSync(program, args, { encoding: 'utf8' })
  if (stdout === '') throw new Error(`The process on the small disk failed: ${stderr}`)
  return JSON.parse(String(stdout))
}

const expected = {
  full: {
    unsaved: 3,
    told: ['ENOSPC'],
    newest: 5,
    claimed: expect.stringContaining('(the disk is full). Nothing was changed.'),
    status: 'failed',
  },
  later: { claimed: 'claimed', newest: 5 },
  torn: [true],
  rest: true,
  readOnly: { unsaved: 1, told: ['EROFS'], newest: 6 },
  saved: true,
}

const reason = whyNoSmallDisk()
if (reason !== null)
  process.stderr.write(`rundesk: full and read-only disks are tested with injected errors only: ${reason}\n`)

function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'a small file system can be mounted for a test on Linux only'
  const { status, stderr, error } = runOnSmallDisk(tmpdir(), ['true'])
  return status === 0 ? null : (error?.message ?? String(stderr).trim())
}

test.skipIf(reason !== null)(
  'on a small disk that fills up in the middle of a line, and is then read-only, every row is kept, told, and saved once',
  async () => {
    expect(await whatHappens('real')).toEqual(expected)
  },
)

test('the same when the errors are injected', async () => {
  expect(await whatHappens('injected')).toEqual(expected)
})
