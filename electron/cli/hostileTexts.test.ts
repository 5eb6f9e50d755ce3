import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { hostileRun, hostileText, hostileTrajectory, makeHostileWorkspace } from '../demo/hostileWorkspace.testkit'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
/** What would steer a terminal, or turn or part a line unseen. A terminal itself ends its lines with both characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const steering = /(?!\r\n)[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

test('no command lets a hostile workspace steer the terminal, change anything outside or run anything', {
  timeout: 240_000,
}, async () => {
  const root = await makeTemporaryFolder()
  const script = await bundleScript(main)
  const workspace = await makeHostileWorkspace(join(root, 'in'))
  await mkdir(join(root, 'outside'))
  const run = async (args: readonly string[]): Promise<string> => {
    const all = [script, ...args, '-w', workspace, '--data-dir', join(root, 'data')]
    const env = { ...process.env, HOME: join(root, 'home') }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, all, { cwd: workspace, env }).catch(
      (ended: { stdout: string; stderr: string }) => ended,
    )
    return stdout + stderr
  }
  const { items } = JSON.parse((await run(['writebacks', '--json'])).replace(/\}\n[^}]*$/, '}')) as {
    readonly items: readonly { readonly key: string }[]
  }
  const keys = items.map(({ key }) => key)
  const commands = [
    ['runs'],
    ['runs', '--failures'],
    ['runs', '--search', '<img'],
    ['show', hostileRun],
    ['state', hostileRun, '--step', `${hostileText}1`],
    ['resume', hostileRun, '--plan'],
    ['cancel', 'b'.repeat(24)],
    ['plan', 'relay.yaml'],
    ['plan', 'workflows/broken.yaml'],
    ['writebacks'],
    ...keys.flatMap((key) => [
      ['writeback', key],
      ['compare', key],
    ]),
    ['retry', '--all', '--plan'],
    ['dismiss', ...keys, '--plan'],
    ['history'],
    ['audit'],
    ['operations'],
    ['trajectories'],
    ['trajectory', hostileTrajectory],
    ['workspaces', 'list'],
    ['doctor'],
  ]
  const asked = commands.flatMap((command) => [command, [...command, '--json']])
  const outputs: string[] = []
  while (asked.length > 0) outputs.push(...(await Promise.all(asked.splice(0, 6).map(run))))
  const steered = outputs.flatMap((output) => {
    const found = steering.exec(output)
    return found ? [JSON.stringify(output.slice(found.index - 60, found.index + 20))] : []
  })
  expect({ steered, outside: await readdir(join(root, 'outside')) }).toEqual({ steered: [], outside: [] })
  const shown = outputs.filter((output) => output.includes('<img'))
  expect([keys.length > 0, shown.length > commands.length]).toEqual([true, true])
})

test('a log comes as it is into a file, and harmless onto a screen', async () => {
  const root = await makeTemporaryFolder()
  const script = await bundleScript(main)
  const steps = [{ name: 'one', type: 'deterministic', command: `printf '\\033]0;hacked\\007\\302\\233red\\n'` }]
  const flow = {
    version: '1.0',
    name: 'loud',
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: 'loud', steps }],
  }
  await writeFile(join(root, 'relay.yaml'), JSON.stringify(flow))
  const rundesk = (line: string): string =>
    `'${process.execPath}' '${script}' ${line} -w '${root}' --data-dir '${join(root, 'data')}'`
  const shell = async (line: string): Promise<string> =>
    (await promisify(execFile)('sh', ['-c', line], { cwd: root })).stdout
  const run = JSON.parse(await shell(`${rundesk('start relay.yaml --json')} 2>/dev/null`)) as { readonly id: string }
  const log = rundesk(`logs ${run.id} --step one`)
  const [piped, onScreen] = [await shell(log), await shell(`script -qec "${log}" /dev/null </dev/null`)]
  expect([steering.test(piped), steering.test(onScreen), onScreen.includes('\\x1b]0;hacked\\x07\\x9bred')]).toEqual([
    true,
    false,
    true,
  ])
})
