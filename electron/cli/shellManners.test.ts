import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeWorld } from '../writebacks/deskWorld.testkit'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

interface Ended {
  readonly code: number
  readonly text: string
  readonly errors: string
}

/** A command line as a shell reads it, with `rundesk` in it, in a folder of its own. */
async function openShell(): Promise<{ readonly run: (line: string) => Promise<Ended>; readonly folder: string }> {
  const script = await bundleScript(main)
  const folder = await makeTemporaryFolder()
  const { home, mount } = await makeWorld({ items: 2 })
  const env = {
    ...process.env,
    HOME: home,
    DATA: join(folder, 'data'),
    MOUNT: mount,
    NODE: process.execPath,
    SCRIPT: script,
  }
  const rundesk = 'rundesk() { "$NODE" "$SCRIPT" "$@" --data-dir "$DATA"; }'
  const run = (line: string): Promise<Ended> =>
    promisify(execFile)('sh', ['-c', `${rundesk}\n${line}`], { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout, errors: stderr }),
      ({ code, stdout, stderr }) => ({ code, text: stdout, errors: stderr }),
    )
  return { run, folder }
}

test('an export into a file that has something already stands behind it', async () => {
  const { run, folder } = await openShell()
  await writeFile(join(folder, 'all.csv'), 'from yesterday\n')
  await run('rundesk export -w "$MOUNT" >> all.csv')
  const lines = (await readFile(join(folder, 'all.csv'), 'utf8')).trim().split('\n')
  expect([lines[0], lines.length]).toEqual(['from yesterday', 4])
})

test('with --json an export is a document unless a table is asked for', async () => {
  const { run } = await openShell()
  const documented = await run('rundesk export -w "$MOUNT" --json')
  const table = await run('rundesk export -w "$MOUNT" --json --format csv')
  expect([typeof JSON.parse(documented.text), table.text.startsWith('"key"')]).toEqual(['object', true])
})

test('an export that cannot be written says which file and why, without a trace', async () => {
  const { run } = await openShell()
  const refused = await run('rundesk export -w "$MOUNT" --output nowhere/all.csv')
  expect(refused).toEqual({
    code: 2,
    text: '',
    errors: 'rundesk: nowhere/all.csv cannot be written (there is no such file or folder).\n',
  })
})

test('a time that is none is a mistake of the command line, in words of the command line', async () => {
  const { run } = await openShell()
  const audit = await run('rundesk audit -w "$MOUNT" --from yesterday')
  const note = await run('rundesk group abc -w "$MOUNT" --note ""')
  const until = await run('rundesk group abc -w "$MOUNT" --resolve --until 2027-01-01')
  expect([audit.code, audit.errors, note.code, until.code]).toEqual([
    2,
    'rundesk: give --from and --to as a day (2026-11-01) or a time (2026-11-01T12:00:00Z)\n',
    2,
    2,
  ])
})

test('a day up to which acts are asked for is part of the answer', async () => {
  const { run } = await openShell()
  const key = JSON.parse((await run('rundesk writebacks -w "$MOUNT" --json')).text).items[0].key
  await run(`rundesk dismiss ${key} -w "$MOUNT"`)
  const audit = await run('rundesk audit -w "$MOUNT" --json --from $(date +%F) --to $(date +%F)')
  expect(JSON.parse(audit.text).total).toBe(1)
})

test('a saved workspace is removed by the name that its folder has from here, whatever is in it', async () => {
  const { run, folder } = await openShell()
  await mkdir(join(folder, 'a b#%20?'))
  await symlink('a b#%20?', join(folder, 'link'))
  const names = ['./a b#%20?', 'link']
  const removed = await run(
    names.map((name) => `rundesk workspaces add '${name}' && rundesk workspaces remove '${name}'`).join(' >added && '),
  )
  const left = await run('rundesk workspaces list')
  expect([removed.code, removed.errors, left.text.includes('a b#')]).toEqual([0, '', false])
})

test('a workflow runs in the saved workspace around the current folder, and in a single other one only with a word of it', async () => {
  const { run, folder } = await openShell()
  const flow = JSON.stringify({
    ...{ version: '1', name: 'where', swarm: { pattern: 'dag' } },
    workflows: [{ name: 'w', steps: [{ name: 'here', type: 'deterministic', command: 'pwd' }] }],
  })
  await mkdir(join(folder, 'one'))
  await mkdir(join(folder, 'two'))
  for (const name of ['one', 'two']) await writeFile(join(folder, name, 'relay.yaml'), flow)
  const alone = (line: string): Promise<Ended> => run(`export HOME="$PWD/nobody"; ${line}`)
  await alone('rundesk workspaces add one')
  const elsewhere = await alone('cd two && rundesk start relay.yaml --json')
  await alone('rundesk workspaces add two')
  const inside = await alone('cd two && rundesk start relay.yaml --json')
  const nowhere = await alone('rundesk start two/relay.yaml')
  const outputOf = ({ text }: Ended): string => JSON.parse(text).steps[0].output.trim()
  expect([
    [outputOf(elsewhere), elsewhere.errors.includes(`in the saved workspace ${join(folder, 'one')}\n`)],
    [outputOf(inside), inside.errors.includes('in the saved workspace')],
    nowhere.code,
  ]).toEqual([[join(folder, 'one'), true], [join(folder, 'two'), false], 2])
})

test('every command is in the documentation', async () => {
  const { run } = await openShell()
  const documented = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')
  const commands = [...(await run('rundesk --help')).text.matchAll(/^ {2}([a-z-]+) \[/gm)].map(([, name]) => name ?? '')
  expect([commands.length > 20, commands.filter((name) => !documented.includes(`\`${name}`))]).toEqual([true, ['help']])
})

test('where something cannot be read nobody says that there is nothing', async () => {
  const { run, folder } = await openShell()
  await mkdir(join(folder, 'odd', '.agent-relay', 'workflow-runs.jsonl'), { recursive: true })
  await mkdir(join(folder, 'odd', '.relay'))
  await writeFile(join(folder, 'odd', '.relay', 'state.json'), '{}')
  await writeFile(join(folder, 'odd', '.relay', 'dead-letter'), 'no folder')
  const ends: Ended[] = []
  for (const words of ['runs', 'show abcdef', 'writebacks', 'retry --all'])
    ends.push(await run(`rundesk ${words} -w odd`))
  expect(
    ends.map(({ code, text, errors }) => [code, /not everything could be read|cannot be told/.test(text + errors)]),
  ).toEqual(ends.map(() => [3, true]))
})

test.each([
  ['its reader goes away', 'rundesk start flow.yaml -w . 2>&1 | head -n 1'],
  ['what it says can be written nowhere', 'rundesk start flow.yaml -w . > /dev/full 2> /dev/full'],
])('a run goes on to its end when %s', async (_what, line) => {
  const { run, folder } = await openShell()
  const steps = ['one', 'two', 'three'].map((name, index, all) => ({
    ...{ name, type: 'deterministic', command: 'sleep 0.2' },
    dependsOn: all.slice(0, index),
  }))
  const flow = { version: '1', name: 'f', swarm: { pattern: 'dag' }, workflows: [{ name: 'w', steps }] }
  await writeFile(join(folder, 'flow.yaml'), JSON.stringify(flow))
  await run(line)
  const { runs } = JSON.parse((await run('rundesk runs --json -w .')).text)
  expect(runs.map(({ status }: { readonly status: string }) => status)).toEqual(['completed'])
})

test('a status that no run has and no tool writes is a mistake of the command line', async () => {
  const { run, folder } = await openShell()
  await mkdir(join(folder, '.agent-relay'))
  await writeFile(
    join(folder, '.agent-relay', 'workflow-runs.jsonl'),
    `${JSON.stringify({ kind: 'run', row: { id: 'abcdef', workflowName: 'w', status: 'dreaming' } })}\n`,
  )
  const near = await run('rundesk runs --status faild -w .')
  const far = await run('rundesk runs --status nonsense --json -w .')
  const known = await run('rundesk runs --status failed -w .')
  const others = await run('rundesk runs --status dreaming -w . --json')
  const list = 'Known are cancelled, completed, dreaming, failed, needs_human, paused, pending, running, unknown.'
  expect([near, far, known.code, others.code, JSON.parse(others.text).total]).toEqual([
    { code: 2, text: '', errors: `rundesk: No run has the status "faild". Did you mean "failed"? ${list}\n` },
    { code: 2, text: '', errors: `rundesk: No run has the status "nonsense". ${list}\n` },
    0,
    0,
    1,
  ])
})

test('an id that is cut too short says how much of it is needed', async () => {
  const { run } = await openShell()
  const cut = '; one may be cut short, but to no less than 4 characters. List them with: rundesk'
  expect([await run('rundesk show 7da -w .'), await run('rundesk trajectory 7da -w .')]).toEqual([
    { code: 4, text: '', errors: `rundesk: No run has the id "7da"${cut} runs\n` },
    { code: 4, text: '', errors: `rundesk: No trajectory, and no run of one, has the id "7da"${cut} trajectories\n` },
  ])
})

test('a run of which only a trajectory is left tells by it why it is not cancelled, resumed or marked', async () => {
  const { run, folder } = await openShell()
  const root = join(folder, '.trajectories')
  const document = { version: 1, startedAt: '2026-02-03T10:00:00.000Z', agents: [], chapters: [] }
  const write = async (path: string, runId: string, change: object): Promise<void> => {
    const task = { title: 'x', source: { system: 'workflow-runner', id: runId } }
    await mkdir(join(root, path), { recursive: true })
    await writeFile(
      join(root, path, `traj_${runId}.json`),
      JSON.stringify({ ...document, id: `traj_${runId}`, task, ...change }),
    )
  }
  const at = '2026-02-03T11:00:00.000Z'
  await write('completed/2026-02', 'ended1', { status: 'completed', completedAt: at })
  await write('active', 'going1', { status: 'active' })
  const all: Ended[] = []
  for (const words of [
    'cancel ended1 --json',
    'cancel ended1',
    'resume ended1',
    'resume ended1 --new',
    'mark-failed ended1 --reason x',
    'rollback ended1',
    'cancel going1',
  ])
    all.push(await run(`rundesk ${words} -w .`))
  const says = `only its trajectory is left, which says that it completed at ${at}: there is no record`
  expect(all.map(({ code, text, errors }) => [code, text.replace(/\s+/g, ' ').trim(), errors.trim()])).toEqual([
    [0, '{ "cancelled": false, "status": "completed" }', ''],
    [0, `Nothing to cancel: it completed at ${at}.`, ''],
    [4, '', `rundesk: Run ended1: ${says} to resume from.`],
    [4, '', `rundesk: Run ended1: ${says} to start from.`],
    [4, '', `rundesk: Run ended1: ${says} to change.`],
    [4, '', `rundesk: Run ended1: ${says} of what it did.`],
    [
      4,
      '',
      'rundesk: Run going1: only its trajectory is left, which says that it is active: there is nothing to cancel.',
    ],
  ])
})

test.each([
  ['start nope.yaml', 'nope.yaml cannot be read: it does not exist. Check the path.'],
  [`start ${'x'.repeat(5000)}`, '"file" has more than 4096 characters.'],
  ['runs --limit 99999999999999999999', 'That is too large a number.'],
  ['runs -w ""', 'A text without characters names no folder.'],
  ['start flow.yaml -w plain', 'plain is a file, not a folder.'],
  ['mark-failed abcdef --reason ""', '"reason" is empty.'],
  ['logs abcdef --attempt 0', 'Give a whole number from 1 on.'],
  ['logs abcdef --attempt NaN', 'Give a whole number from 0 on.'],
  ['serve --port 99999', 'Give a port from 1 to 65535, or 0 for a free one.'],
  ['demo --dir plain', 'plain exists already.'],
  ['export --output .', '. cannot be written (it is a folder).'],
  [
    'start flow.yaml -w closed',
    'closed/.agent-relay/rundesk/leases cannot be made (its path leads through a file). Check the path.',
  ],
  ['plan list.yaml', 'the file must be a map, but is a list'],
  ['plan wrong.yaml', 'retries must be a whole number\n'],
])('what is wrong with %s is told in words', async (words, told) => {
  const { run, folder } = await openShell()
  const id = 'abcdef'
  const lines = [
    { kind: 'run', row: { id, workflowName: 'w', status: 'failed' } },
    { kind: 'step', row: { id: 's', runId: id, stepName: 'a', status: 'failed' } },
  ]
  await mkdir(join(folder, '.agent-relay', 'rundesk', 'logs', id), { recursive: true })
  await writeFile(join(folder, '.agent-relay', 'rundesk', 'logs', id, 'a.1.log'), 'text\n')
  await writeFile(
    join(folder, '.agent-relay', 'workflow-runs.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  )
  await writeFile(join(folder, 'plain'), '')
  await mkdir(join(folder, 'closed'))
  await writeFile(join(folder, 'closed', '.agent-relay'), '')
  const step = { name: 'a', type: 'deterministic', command: 'true' }
  const flow = { version: '1', name: 'f', swarm: { pattern: 'dag' }, workflows: [{ name: 'w', steps: [step] }] }
  const wrong = { ...step, retries: 1.5 }
  await writeFile(join(folder, 'flow.yaml'), JSON.stringify(flow))
  await writeFile(join(folder, 'list.yaml'), '- a\n')
  await writeFile(join(folder, 'wrong.yaml'), JSON.stringify({ ...flow, workflows: [{ name: 'w', steps: [wrong] }] }))
  const at = words.includes(' -w ') ? '' : ' -w .'
  const { code, errors } = await run(`rundesk ${words}${at}`)
  const raw = /\bE[A-Z]{3,}\b|Invalid input|Too (?:big|small)|expected|received|\n {4}at /.exec(errors)?.[0]
  expect([code > 0, errors.includes(told) ? told : errors, raw]).toEqual([true, told, undefined])
})

test('an answer that could not be written is no success', async () => {
  const { run } = await openShell()
  const ended = await run('rundesk runs -w . > /dev/full')
  expect(ended).toEqual({ code: 3, text: '', errors: 'rundesk: the answer could not be written (the disk is full)\n' })
})

const waiting = `cat > long.json <<'END'
{"version":"1.0","name":"long","swarm":{"pattern":"dag"},"agents":[],"workflows":[{"name":"main","steps":[
{"name":"wait","type":"deterministic","command":"echo > begun; until test -e go; do sleep 0.05; done"}]}]}
END
`
const begun = 'until test -e begun; do sleep 0.05; done'

test.runIf(process.platform === 'linux')('a run whose terminal is closed is cancelled, and says so', async () => {
  const { run } = await openShell()
  await run(
    `${waiting}"$NODE" "$SCRIPT" start long.json -w . --data-dir "$DATA" >out 2>&1 & pid=$!; ${begun}; kill -HUP $pid; wait $pid; echo $? > code`,
  )
  const { text } = await run('cat code; rundesk runs -w . --json')
  expect([text.slice(0, 2), JSON.parse(text.slice(2)).runs[0].status]).toEqual(['1\n', 'cancelled'])
})

test('to retry everything where nothing is undelivered is no failure', async () => {
  const { run, folder } = await openShell()
  await mkdir(join(folder, 'empty', '.relay'), { recursive: true })
  const { code, text } = await run('rundesk retry --all -w empty --json')
  expect([code, JSON.parse(text)]).toEqual([0, { operation: null, items: [] }])
})

test('the list of workspaces says where each comes from, and one of the registry cannot be removed here', async () => {
  const { run, folder } = await openShell()
  await mkdir(join(folder, 'mine'))
  await run('rundesk workspaces add mine')
  const listed = await run('rundesk workspaces list')
  const document = JSON.parse((await run('rundesk workspaces list --json')).text)
  const refused = await run('rundesk workspaces remove "$MOUNT"')
  const after = await run('rundesk workspaces list')
  const [mount] = document.workspaces.flatMap(({ origin, path }: Record<string, string>) =>
    origin === 'registry' ? [path] : [],
  )
  expect([
    listed.text.split('\n').flatMap((line) => line.match(/saved|registry/) ?? []),
    document.workspaces.map(({ origin }: Record<string, string>) => origin),
    [refused.code, refused.text, refused.errors],
    after.text === listed.text,
  ]).toEqual([
    ['saved', 'registry'],
    ['saved', 'registry'],
    [
      4,
      '',
      `rundesk: ${mount} is not saved: the registry of mounts (~/.relayfile/workspaces.json) names it, so it cannot be removed here. Unregister the mount to be rid of it.\n`,
    ],
    true,
  ])
})

test('a workspace of the registry that is also saved is told as saved until it is removed, and never lost', async () => {
  const { run } = await openShell()
  const origins = async (line: string): Promise<readonly string[]> =>
    JSON.parse((await run(`${line} --json`)).text).workspaces.map(({ origin }: Record<string, string>) => origin)
  const said = [
    await origins('rundesk workspaces add "$MOUNT"'),
    await origins('rundesk workspaces list'),
    await origins('rundesk workspaces remove "$MOUNT"'),
    await origins('rundesk workspaces list'),
    await origins('rundesk workspaces list -w "$MOUNT"'),
  ]
  expect(said).toEqual([['saved'], ['saved'], ['registry'], ['registry'], ['named']])
})
