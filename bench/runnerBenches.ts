import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bench } from './main'
import { median, type Result, toLimit, toRatio } from './measure'
import { type Sample, takeSample } from './samples'

const rounds = 5
/** Whole processes vary by a third from one to the next. */
const wallRounds = 11
const steps = 200
/** The published runner starts a further step every two seconds when many may start: nobody waits for that. */
const peerLimitMs = 30_000

type Shape = 'chain' | 'parallel'

/** A chain of steps in one run, against the least that it takes, and against a tenth of as many. */
const runChain: Bench = async ({ dir, peers }) => {
  const ours: number[] = []
  const loops: number[] = []
  const few: number[] = []
  const many: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(perStep(run(dir, { shape: 'chain', count: steps, name: `chain-${round}` }), steps))
    const loopDir = workspace(dir, `chain-loop-${round}`)
    loops.push((takeSample('spawnLoop', [loopDir, String(steps)]).ms ?? Number.NaN) / steps)
    few.push(perStep(run(dir, { shape: 'chain', count: 100, name: `few-${round}` }), 100))
    many.push(perStep(run(dir, { shape: 'chain', count: 1_000, name: `many-${round}` }), 1_000))
  }
  return [
    toRatio(`chain of ${steps} steps, for each step`, {
      value: median(ours),
      unit: 'ms',
      reference: { name: '2 x write + fdatasync, spawn', value: median(loops) },
      goal: 1.3,
    }),
    toRatio('chain of 1,000 steps, for each step', {
      value: median(many),
      unit: 'ms',
      reference: { name: 'the same of 100', value: median(few) },
      goal: 1.3,
    }),
    ...againstPeer(dir, peers.runner, 'chain'),
  ]
}

/** Steps that may all run at the same time. */
const runParallel: Bench = async ({ dir, peers }) => {
  const busy = median(
    Array.from(
      { length: rounds },
      (_, round) =>
        run(dir, { shape: 'parallel', count: steps, name: `busy-${round}`, watch: 'watch' }).busyMs ?? Number.NaN,
    ),
  )
  return [
    ...againstPeer(dir, peers.runner, 'parallel'),
    toLimit(`${steps} parallel steps: longest stretch`, { value: busy, unit: 'ms', below: 50 }),
  ]
}

/** The wall time of both command lines that run the same file, as a person calls them. */
function againstPeer(dir: string, runner: string | null, shape: Shape): readonly Result[] {
  if (runner === null) return []
  const ours: number[] = []
  const theirs: number[] = []
  const start = (name: string, call: (cwd: string, file: string) => unknown): number => {
    const cwd = workspace(dir, `${shape}-${name}`)
    const file = workflow(cwd, { shape, count: steps })
    return wallMs(() => call(cwd, file))
  }
  const startOurs = (name: string): number => start(name, (cwd, file) => startRundesk(dir, cwd, file))
  startOurs('first') // Who starts a command for the first time waits for its code to be compiled.
  for (let round = 0; round < wallRounds; round++) {
    ours.push(startOurs(`wall-${round}`))
    if (theirs.some((ms) => ms >= peerLimitMs)) continue
    theirs.push(
      start(`peer-${round}`, (cwd, file) => {
        const options = { cwd, stdio: 'ignore', env: environment, timeout: peerLimitMs } as const
        return spawnSync(process.execPath, [runner, file], options)
      }),
    )
  }
  const value = median(theirs)
  const name = value >= peerLimitMs ? 'peer, ended before it was done' : 'peer'
  const bench = shape === 'chain' ? `chain of ${steps} steps, whole process` : `${steps} parallel steps, whole process`
  return [toRatio(bench, { value: median(ours), unit: 'ms', reference: { name, value }, goal: 0.5 })]
}

/** Where this is set, Node reads a file of certificates at every start, whoever it runs: that is no part of either time. */
const { NODE_EXTRA_CA_CERTS: _certificates, ...environment } = process.env

/** Runs a workflow with the built command line. */
function startRundesk(dir: string, cwd: string, file: string): void {
  const own = ['-w', cwd, '--data-dir', join(dir, 'work', 'data')]
  const { status } = spawnSync(process.execPath, [resolve('bin/rundesk.mjs'), 'start', file, ...own], {
    ...{ cwd, stdio: 'ignore', env: { ...environment, XDG_CACHE_HOME: join(dir, 'work') } },
  })
  if (status !== 0) throw new Error(`rundesk start ended with ${status}`)
}

function run(
  dir: string,
  {
    shape,
    count,
    name,
    watch = '',
  }: { readonly shape: Shape; readonly count: number; readonly name: string; readonly watch?: '' | 'watch' },
): Sample {
  const cwd = workspace(dir, name)
  const sample = takeSample('runWorkflow', [cwd, workflow(cwd, { shape, count }), watch])
  if (sample.completed !== count) throw new Error(`${sample.completed} of ${count} steps completed`)
  return sample
}

function perStep({ ms }: Sample, count: number): number {
  return (ms ?? Number.NaN) / count
}

function wallMs(action: () => unknown): number {
  const start = performance.now()
  action()
  return performance.now() - start
}

function workflow(cwd: string, { shape, count }: { readonly shape: Shape; readonly count: number }): string {
  const path = join(cwd, 'relay.yaml')
  const list = Array.from({ length: count }, (_, index) => ({
    name: `step-${index}`,
    type: 'deterministic',
    command: 'true',
    ...(shape === 'chain' && index > 0 ? { dependsOn: [`step-${index - 1}`] } : {}),
  }))
  const flow = {
    version: '1.0',
    name: 'bench',
    swarm: { pattern: 'dag' },
    agents: [],
    trajectories: false,
    workflows: [{ name: 'main', steps: list }],
  }
  writeFileSync(path, JSON.stringify(flow))
  return path
}

function workspace(dir: string, name: string): string {
  const folder = join(dir, 'work', name)
  mkdirSync(folder, { recursive: true })
  return folder
}

const logLines = 1_000_000

/** A log of a million lines whose only error stands in the last one, searched as the window does. */
const searchLog: Bench = async ({ dir }) => {
  const folder = workspace(dir, 'log')
  mkdirSync(join(folder, 'logs', 'run'), { recursive: true })
  const path = join(folder, 'logs', 'run', 'step.1.log')
  writeLog(path)
  const asked = [
    { what: 'first error, at the end', query: '', flags: '', hits: 0, goal: 25 },
    { what: 'a word that occurs once', query: 'Needle', flags: '', hits: 1, goal: 25 },
    { what: 'a word in every line', query: 'Item', flags: '', hits: logLines, goal: 30 },
    { what: 'the same, by case', query: 'item', flags: 'case', hits: logLines, goal: 30 },
    { what: 'an expression', query: 'batch 3\\d+9 ', flags: 'regex', hits: 100 * 256, goal: 40 },
  ]
  const bare = median(Array.from({ length: rounds }, () => takeSample('bareSearch', [path, 'Needle']).ms ?? Number.NaN))
  return asked.flatMap(({ what, query, flags, hits, goal }) => {
    const samples = Array.from({ length: rounds }, () => takeSample('searchLog', [folder, query, flags]))
    const [sample] = samples
    if (sample?.hits !== hits || sample.errorLine !== logLines)
      throw new Error(`${sample?.hits} of ${hits} hits, error in line ${sample?.errorLine}`)
    const reference = { name: 'read, indexOf', value: bare }
    const [value, again] = [
      median(samples.map(({ ms }) => ms ?? 0)),
      median(samples.map(({ againMs }) => againMs ?? 0)),
    ]
    return [
      toRatio(`1,000,000 lines: ${what}`, { value, unit: 'ms', reference, goal }),
      ...(flags === ''
        ? [toLimit(`the same, asked again`, { value: again, unit: 'ms', below: hits === logLines ? 450 : 300 })]
        : []),
    ]
  })
}

function writeLog(path: string): void {
  const file = openSync(path, 'w')
  for (let line = 1; line < logLines; ) {
    const lines: string[] = []
    for (; lines.length < 10_000 && line < logLines; line++)
      lines.push(
        `12:00:00.${line % 1000} INFO worker-${line % 16} processed item ${line} of batch ${line >> 8} in ${line % 97} ms ✓\n`,
      )
    writeSync(file, lines.join(''))
  }
  writeSync(file, 'Needle: item failed\n')
  closeSync(file)
}

export const runnerBenches = { runChain, runParallel, searchLog }
