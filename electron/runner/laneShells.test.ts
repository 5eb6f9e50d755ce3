import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { isProcessAlive } from '../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createLaneShells } from './laneShells'
import { markedProcesses } from './processGroups'
import { hasLanes, openLane } from './shellLane'
import { newShells, type RunningShell, type ShellCall } from './shells'

const base = { PATH: process.env.PATH ?? '', KEEPS: 'its value', GOES: 'away' }

async function openOne(): Promise<{
  readonly cwd: string
  readonly lane: ReturnType<typeof openLane>
  readonly start: (call: Omit<ShellCall, 'cwd'>) => Promise<RunningShell>
}> {
  const cwd = await realpath(await makeTemporaryFolder())
  const lane = openLane({ cwd, env: base, folder: await makeTemporaryFolder() })
  onTestFinished(lane.close)
  await eventually('the lane to be ready', lane.isIdle)
  return {
    cwd,
    lane,
    start: async (call) => {
      await eventually('the lane to be free', lane.isIdle)
      const asked = { cwd, ...call }
      const shell = lane.prepare(asked) ? await lane.start(asked) : undefined
      if (!shell) throw new Error('The lane did not take the command')
      return shell
    },
  }
}

/** All that a command leaves. */
async function outcome(
  shell: RunningShell,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }> {
  const [stdout, stderr, { code }] = await Promise.all([text(shell.stdout), text(shell.stderr), shell.exited])
  return { stdout, stderr, code }
}

test.runIf(hasLanes).each([
  ['prints on both', 'echo out; echo err >&2; exit 3'],
  ['asks for its environment', 'env | sort | grep -v "^_="'],
  ['asks for variables that lanes use', 'echo "$piece" "$REPLY"; env | grep -c piece'],
  ['is longer than a piece', `echo ${'x'.repeat(5_000)}; echo é | tr é e`],
  ['asks for its folder, its name and its words', 'pwd; echo "$0" "$#" "$@"'],
  ['reads its input', 'cat; readlink /proc/self/fd/0'],
  ['looks at what is open', 'ls /proc/$$/fd'],
  ['asks for its group', 'set -- $(cat /proc/$$/stat); test "$1" = "$5" && echo leads'],
  ['is stopped for a while', '(sleep 0.2; kill -CONT $$) & kill -STOP $$; echo goes on'],
  ['asks what it ignores', 'grep -E "SigIgn|SigBlk" /proc/self/status; trap'],
  ['is wrong in its third line', 'echo one\necho two\nfi'],
  ['catches an interrupt', 'trap "echo caught; exit 0" INT; kill -INT $$; sleep 5'],
  ['is ended by an interrupt', 'kill -INT $$; echo not reached'],
  ['kills itself', 'kill -9 $$'],
  ['prints much', 'head -c 3000000 /dev/zero | tr "\\0" x'],
  ['ends at once', 'exit 0'],
  ['does nothing', 'true'],
  ['fails', 'false'],
  ['asks a program for what is open', 'ls /proc/self/fd'],
  ['asks a program what it ignores', "grep -E 'Sig(Ign|Blk|Cgt)' /proc/self/status"],
  ['asks a program for its limits', 'cat /proc/self/limits'],
  ['asks a program for its input', 'readlink /proc/self/fd/0'],
  ['gives a program words in quotes', "ls -d 'a b' /proc/self/'fd' é"],
  ['names a program that fails', 'cat missing'],
  ['names a program that prints much', 'head -c 3000000 /dev/zero'],
  ['names a program that is not there', 'no-such-program x'],
  ['names a program by its folder', '/usr/bin/env -i /bin/ls -d /'],
  ['names a folder', './folder'],
  ['names a file that nobody may run', './text'],
  ['names a script of a program that is not there', './stray'],
  ['names a script of no program', './script one'],
  ['names what only shells have', 'alias'],
])('a command that %s does the same in a lane as in a new shell', async (_what, command) => {
  const { cwd, start } = await openOne()
  await Promise.all([
    mkdir(join(cwd, 'folder')),
    writeFile(join(cwd, 'text'), 'echo text\n'),
    writeFile(join(cwd, 'stray'), '#!/no/such/program\n', { mode: 0o755 }),
    writeFile(join(cwd, 'script'), 'echo "$0" "$1" "${BASH_VERSION-none}"\n', { mode: 0o755 }),
  ])
  const env = { ...base, OWN: 'new', piece: 'of cake' }
  const inLane = await outcome(await start({ command, env }))
  const fresh = await newShells.start({ command, cwd, env })
  const [expected, end] = await Promise.all([outcome(fresh), fresh.exited])
  const killed = end.signal === 'SIGKILL' ? 137 : 130
  expect(inLane).toEqual(end.signal === null ? expected : { ...expected, code: killed })
})

test.runIf(hasLanes)(
  'a program sees the same variables in a lane as in a new shell, and leads its group to its end',
  async () => {
    const { cwd, start } = await openOne()
    const env = { ...base, OWN: "new 'value'" }
    const variables = ({ stdout }: { readonly stdout: string }): readonly string[] =>
      stdout
        .split('\n')
        .filter((line) => !/^(?:_|SHLVL)=/.test(line)) // Shells set them as they like.
        .sort()
    const [inLane, fresh] = [await start({ command: 'env', env }), await newShells.start({ command: 'env', cwd, env })]
    expect(variables(await outcome(inLane))).toEqual(variables(await outcome(fresh)))
    const elsewhere = await start({ command: 'cat missing', env: { ...env, LC_ALL: 'xx_XX.UTF-8' } })
    expect((await outcome(elsewhere)).stderr).toBe('cat: missing: No such file or directory\n')
    const killed = await start({ command: 'timeout -s KILL 0.05 sleep 5', env })
    expect(await outcome(killed)).toEqual({ stdout: '', stderr: '', code: 137 })
    const leader = await start({ command: "cut -d ' ' -f 1,5 /proc/self/stat", env })
    expect((await outcome(leader)).stdout).toBe(`${leader.pid} ${leader.pid}\n`)
  },
)

test.runIf(hasLanes)('a command that is wrong in its first line runs nowhere in a lane', async () => {
  const { cwd, lane } = await openOne()
  const call = { command: 'if then fi', cwd, env: base }
  expect(lane.prepare(call)).toBe(true)
  await eventually('the shell to have refused it', lane.isIdle)
  expect(await lane.start(call)).toBe(undefined)
  const shells = createLaneShells({ cwd, env: base, dir: await makeTemporaryFolder(), isWorthIt: () => true })
  onTestFinished(shells.close)
  const ends: object[] = []
  for (let n = 0; n < 4; n++) ends.push(await outcome(await shells.start(call)))
  const fresh = await outcome(await newShells.start(call))
  expect(fresh).toMatchObject({ code: 2, stdout: '' })
  expect(ends).toEqual(Array(4).fill(fresh))
})

test.runIf(hasLanes)('values and commands reach it byte for byte, one call after another', async () => {
  const { start } = await openOne()
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '\x81', '\x88', 'é', '!', '*', ';', '&'),
    }),
  )
  await fc.assert(
    fc.asyncProperty(value, value, async (one, other) => {
      const [value1, value2] = [one, other].map((given) => Buffer.from(given.replaceAll('\0', '')).toString())
      const command = `printf '%s.' "$ONE" '${value2?.replaceAll("'", "'\\''")}' "\${GOES-gone}"`
      const shell = await start({ command, env: { PATH: base.PATH, ONE: value1 ?? '' } })
      const [printed] = await Promise.all([text(shell.stdout), text(shell.stderr), shell.exited])
      expect(printed).toBe(`${value1}.${value2}.gone.`)
    }),
    { numRuns: 60 },
  )
})

test.runIf(hasLanes)(
  'while something that a command left holds its pipes, its lane is not used, and what it prints is read',
  async () => {
    const { cwd, lane, start } = await openOne()
    const command = '(until test -e go; do sleep 0.02; done; echo late) & echo soon'
    const shell = await start({ command, env: base })
    const printed = text(shell.stdout)
    shell.stderr.resume()
    const { code } = await shell.exited
    const whileKept = lane.isIdle()
    await writeFile(join(cwd, 'go'), '')
    expect([code, whileKept, await printed]).toEqual([0, false, 'soon\nlate\n'])
    expect(await eventually('the lane to be free', lane.isIdle)).toBe(true)
  },
)

test.runIf(hasLanes).each([
  ['in another folder', { cwd: '/' }],
  ['with a variable that no shell can name', { env: { ...base, 'npm.config': 'x' } }],
  ['with a variable that shells keep for themselves', { env: { ...base, OPTIND: 'x' } }],
  ['with a variable that bash gives no other value', { env: { ...base, GROUPS: 'x' } }],
  ['that is very long', { command: `: ${'x'.repeat(60_000)}` }],
  ['with a NUL character', { command: 'echo \0' }],
])('a command %s is left to a new shell', async (_what, change) => {
  const { cwd, lane } = await openOne()
  expect([lane.prepare({ command: 'true', cwd, env: base, ...change }), lane.isIdle()]).toEqual([false, true])
})

test.runIf(hasLanes)('after its lane was killed a command runs in a new shell', async () => {
  const { cwd, lane } = await openOne()
  await lane.close()
  expect([lane.isIdle(), lane.prepare({ command: 'true', cwd, env: base })]).toEqual([false, false])
})

test.runIf(hasLanes)('a lane is opened beside the first command, and ends when they are closed', async () => {
  const cwd = await realpath(await makeTemporaryFolder())
  const dir = await makeTemporaryFolder()
  const shells = createLaneShells({ cwd, env: base, dir, isWorthIt: () => true })
  const parents = new Set<number>()
  await eventually('a command to have another parent than this process', async () => {
    const shell = await shells.start({ command: 'echo $PPID', cwd, env: base })
    const [printed] = await Promise.all([text(shell.stdout), text(shell.stderr)])
    parents.add(Number(printed))
    return Number(printed) !== process.pid
  })
  await shells.close()
  expect([...parents].filter((pid) => pid !== process.pid && isProcessAlive(pid))).toEqual([])
})

test.runIf(hasLanes)('a command behind another begins when that has ended', async () => {
  const { cwd, lane } = await openOne()
  const [one, two, three] = [1, 2, 3].map((n) => ({
    command: `echo ${n} | tee -a ran`,
    cwd,
    env: marked(`${cwd}.${n}`),
  }))
  if (!one || !two || !three) throw new Error('There are three')
  const taken = [one, two, three].map((call) => lane.prepare(call, { behind: true }))
  const first = await lane.start(one)
  const printed = first && (await outcome(first))
  await shellOf(`${cwd}.2`)
  const before = await readFile(join(cwd, 'ran'), 'utf8')
  const second = await lane.start(two)
  expect([taken, printed, before, second && (await outcome(second))]).toEqual([
    [true, true, false],
    { stdout: '1\n', stderr: '', code: 0 },
    '1\n',
    { stdout: '2\n', stderr: '', code: 0 },
  ])
})

test.runIf(hasLanes)('a command behind one that has not run is not started', async () => {
  const { cwd, lane } = await openOne()
  const calls = [1, 2].map((n) => ({ command: `echo ${n} | tee -a ran`, cwd, env: marked(`${cwd}.${n}`) }))
  for (const call of calls) lane.prepare(call, { behind: true })
  const [one, two] = calls
  const early = two && (await lane.start(two))
  const shell = one && (await lane.start(one))
  const printed = shell && (await outcome(shell))
  await eventually('the lane to be free', lane.isIdle)
  expect([early, printed, await readFile(join(cwd, 'ran'), 'utf8')]).toEqual([
    undefined,
    { stdout: '1\n', stderr: '', code: 0 },
    '1\n',
  ])
})

test.runIf(hasLanes)(
  'a command whose shell was killed before it heard of it does not run instead of the next one',
  async () => {
    const [cwd, folder] = [await realpath(await makeTemporaryFolder()), await makeTemporaryFolder()]
    const lane = openLane({ cwd, env: { ...base, RUNDESK_RUN_ID: folder }, folder })
    onTestFinished(lane.close)
    await eventually('the lane to be ready', lane.isIdle)
    const copy = await eventually('the copy that waits', async () => {
      const pids = await markedProcesses(`RUNDESK_RUN_ID=${folder}`)
      return pids.find((pid) => pids.includes(parentOf(pid)))
    })
    process.kill(copy, 'SIGSTOP')
    const call = (n: number): ShellCall => ({ command: `echo ${n} >> ran`, cwd, env: { ...base, N: String(n) } })
    lane.prepare(call(1))
    process.kill(copy, 'SIGKILL')
    await eventually(
      'the lane to give up',
      async () => (await markedProcesses(`RUNDESK_RUN_ID=${folder}`)).length === 0,
    )
    expect([lane.isIdle(), lane.prepared(), lane.prepare(call(2)), await readdir(cwd)]).toEqual([false, [], false, []])
  },
)

function parentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3])
}

/** The shell that waits for a call with this mark. */
async function shellOf(attempt: string): Promise<number | undefined> {
  let pids: readonly number[] = []
  await eventually('a shell to wait', async () => {
    pids = await markedProcesses(`RUNDESK_ATTEMPT=${attempt}`)
    return pids.length > 0
  })
  return pids[0]
}

test.runIf(hasLanes)('a command that was prepared runs when it is started, not before', async () => {
  const { cwd, lane } = await openOne()
  const call = { command: 'echo run >> ran; cat ran', cwd, env: { ...base, RUNDESK_ATTEMPT: cwd } }
  lane.prepare(call)
  const pid = await shellOf(cwd)
  const before = await readdir(cwd)
  const shell = await lane.start(call)
  if (!shell) throw new Error('The lane did not start the command')
  expect([before, await outcome(shell), pid]).toEqual([[], { stdout: 'run\n', stderr: '', code: 0 }, shell.pid])
})

test.runIf(hasLanes)('what was prepared when its lane is closed leaves no process', async () => {
  const { cwd, lane } = await openOne()
  lane.prepare({ command: '>ran', cwd, env: { ...base, RUNDESK_ATTEMPT: cwd } })
  await shellOf(cwd)
  await lane.close()
  await eventually('it to be gone', async () => (await markedProcesses(`RUNDESK_ATTEMPT=${cwd}`)).length === 0)
  expect(await readdir(cwd)).toEqual([])
})

/** Shells with a lane that is idle, in a folder of their own. */
async function openShells() {
  const cwd = await realpath(await makeTemporaryFolder())
  const shells = createLaneShells({
    ...{ cwd, dir: await makeTemporaryFolder(), env: base, isWorthIt: () => true },
  })
  onTestFinished(shells.close)
  const run = async (call: Omit<ShellCall, 'cwd'>) => outcome(await shells.start({ cwd, ...call }))
  await run({ command: 'true', env: base })
  return { cwd, shells, run }
}

const marked = (attempt: string) => ({ ...base, RUNDESK_ATTEMPT: attempt })

async function noneLeft(attempt: string): Promise<void> {
  const mark = `RUNDESK_ATTEMPT=${attempt}` as const
  await eventually('it to be gone', async () => (await markedProcesses(mark)).length === 0)
}

test.runIf(hasLanes)('what was foreseen for another call is not run', async () => {
  const { cwd, shells, run } = await openShells()
  shells.foresee([{ command: 'echo foreseen | tee ran', cwd, env: marked(`${cwd}.1`) }])
  await shellOf(`${cwd}.1`)
  const other = await run({ command: 'echo other | tee other', env: marked(`${cwd}.2`) })
  expect([other, await readdir(cwd)]).toEqual([{ stdout: 'other\n', stderr: '', code: 0 }, ['other']])
})

test.runIf(hasLanes)('calls that were foreseen and come are run once, by the shells that waited', async () => {
  const { cwd, shells } = await openShells()
  const calls = [1, 2].map((n) => ({ command: 'echo $$ >> ran; cat ran', cwd, env: marked(`${cwd}.${n}`) }))
  shells.foresee(calls)
  const [first, second] = [await shellOf(`${cwd}.1`), await shellOf(`${cwd}.2`)]
  const printed: object[] = []
  for (const call of calls) printed.push(await outcome(await shells.start({ ...call, env: { ...call.env } })))
  expect(printed).toMatchObject([{ stdout: `${first}\n` }, { stdout: `${first}\n${second}\n` }])
})

test.runIf(hasLanes)('calls that are foreseen one behind the other take turns in two lanes', async () => {
  const { cwd, shells } = await openShells()
  const calls = [1, 2, 3, 4].map((n) => ({ command: 'echo $PPID', cwd, env: marked(`${cwd}.${n}`) }))
  shells.foresee(calls.slice(0, 3))
  await shellOf(`${cwd}.2`)
  const lanes: string[] = []
  for (const [index, call] of calls.entries()) {
    await shellOf(`${cwd}.${index + 1}`)
    shells.prepare(call)
    shells.foresee(calls.slice(index + 1))
    const { stdout } = await outcome(await shells.start(call))
    lanes.push(stdout)
  }
  const [one, two] = lanes
  expect([one === two, lanes]).toEqual([false, [one, two, one, two]])
})

test.runIf(hasLanes)('what is foreseen no more leaves no process, and its lane takes what is', async () => {
  const { cwd, shells, run } = await openShells()
  shells.foresee([{ command: '>ran', cwd, env: marked(`${cwd}.1`) }])
  await shellOf(`${cwd}.1`)
  const call = { command: '>other', cwd, env: marked(`${cwd}.2`) }
  shells.foresee([call])
  await noneLeft(`${cwd}.1`)
  await shellOf(`${cwd}.2`)
  await run(call)
  expect(await readdir(cwd)).toEqual(['other'])
})

test.runIf(hasLanes)('what was foreseen when they are closed leaves no process', async () => {
  const { cwd, shells } = await openShells()
  shells.foresee([{ command: '>ran', cwd, env: marked(`${cwd}.1`) }])
  await shellOf(`${cwd}.1`)
  await shells.close()
  await noneLeft(`${cwd}.1`)
  expect(await readdir(cwd)).toEqual([])
})

test.runIf(hasLanes)('a foreseen command that no shell can read is told when it comes', async () => {
  const { cwd, shells, run } = await openShells()
  const call = { command: 'if then fi', cwd, env: base }
  shells.foresee([call])
  expect(await run(call)).toEqual(await outcome(await newShells.start(call)))
})

test.runIf(hasLanes)('what is dropped when it has just been started runs to its end', async () => {
  const { cwd, lane } = await openOne()
  const call = { command: 'echo done', cwd, env: base }
  lane.prepare(call)
  const starting = lane.start(call)
  lane.drop(call)
  const shell = await starting
  expect(shell && (await outcome(shell))).toEqual({ stdout: 'done\n', stderr: '', code: 0 })
})
