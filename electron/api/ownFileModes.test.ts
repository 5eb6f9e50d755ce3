import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeWorld } from '../writebacks/deskWorld.testkit'
import { openApp } from './openApp.testkit'

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url))

test('with a umask that forbids nothing, what Rundesk keeps is for the user alone, and nothing is for all to write', async () => {
  const { home, mount } = await makeWorld({ items: 2 })
  const root = await makeTemporaryFolder()
  const script = await bundleScript(main)
  const [temporary, data] = [join(root, 'tmp'), join(root, 'data')]
  await mkdir(temporary)
  const steps = [
    { name: 'one', type: 'deterministic', command: 'ls -ld "$RUNDESK_STATE" "$(dirname "$RUNDESK_STATE")"' },
  ]
  const flow = {
    version: '1.0',
    name: 'flow',
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: 'flow', steps }],
  }
  await writeFile(join(root, 'relay.yaml'), JSON.stringify(flow), { mode: 0o644 })
  const before = await modesIn(root, mount)
  const rundesk = async (args: string): Promise<string> => {
    const line = `umask 000; exec "$NODE" "$SCRIPT" ${args} --data-dir "$DATA"`
    const env = { ...process.env, HOME: home, TMPDIR: temporary, NODE: process.execPath, SCRIPT: script, DATA: data }
    const ended = await promisify(execFile)('sh', ['-c', line], { cwd: root, env }).catch(
      (failed: { stdout: string }) => failed,
    )
    return ended.stdout
  }
  const run = JSON.parse(await rundesk(`start relay.yaml -w '${root}' --json`)) as { readonly id: string }
  const printed = await rundesk(`logs ${run.id} --step one -w '${root}'`)
  await rundesk(`workspaces add '${root}'`)
  const { items } = JSON.parse(await rundesk(`writebacks -w '${mount}' --json`)) as {
    items: readonly { key: string }[]
  }
  await rundesk(`dismiss ${items[0]?.key} -w '${mount}' --json`)
  await rundesk(`retry --all --wait 1 -w '${mount}' --json`)
  await rundesk(`doctor -w '${mount}'`)

  const now = await modesIn(root, mount)
  const made = Object.entries(now).filter(([path]) => !(path in before))
  const isHidden = (path: string): boolean => {
    const parts = path.split('/')
    return parts.some((_, depth) => ((now[parts.slice(0, depth + 1).join('/')] ?? 0o777) & 0o077) === 0)
  }
  const openToOthers = made.filter(([path, mode]) => (mode & 0o077) !== 0 && !isHidden(path) && !isShared(path))
  const writableByOthers = made.filter(([, mode]) => (mode & 0o022) !== 0)
  expect({
    openToOthers: openToOthers.map(([path]) => path),
    writableByOthers,
    state: printed.match(/^[-d][-rwx]{9}/gm),
  }).toEqual({
    openToOthers: [],
    writableByOthers: [],
    state: ['drwx------', '-rw-------'],
  })
  const names = made.map(([path]) => path).join('\n')
  expect(['logs', 'ledger', 'workspaces.json', 'lease'].filter((name) => !names.includes(name))).toEqual([])
})

test('what lies in a data folder with wider modes is narrowed when the app opens; what is not its own is left alone', async () => {
  const root = await makeTemporaryFolder()
  const dataDir = join(root, 'data')
  await mkdir(join(dataDir, 'snapshots'), { recursive: true })
  await writeFile(join(dataDir, 'settings.json'), '{"version":1}')
  await writeFile(join(dataDir, 'settings.json.corrupt-2026'), '{')
  await writeFile(join(dataDir, 'mine.txt'), 'mine')
  for (const name of await readdir(dataDir)) await chmod(join(dataDir, name), 0o777)
  await openApp([], { home: root })
  const modes = await modesIn(dataDir)
  expect(Object.fromEntries(Object.entries(modes).map(([path, mode]) => [path, mode.toString(8)]))).toEqual({
    'settings.json': '700',
    'settings.json.corrupt-2026': '700',
    snapshots: '700',
    'mine.txt': '777',
  })
})

/** What lies beside the data, where other users and programs of the workspace must find it: rows, outputs, leases, locks. */
function isShared(path: string): boolean {
  const beside =
    /^\.agent-relay(\/(workflow-runs\.jsonl|step-outputs(\/.*)?|rundesk(\/(leases(\/.*)?|[^/]*\.lock))?))?$/
  return beside.test(path) || /^\.trajectories(\/|$)/.test(path)
}

/** The permissions of every file and folder below these folders. */
async function modesIn(...roots: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {}
  for (const root of roots) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isSymbolicLink()) found[path.slice(root.length + 1)] = (await stat(path)).mode & 0o777
    }
  }
  return found
}
