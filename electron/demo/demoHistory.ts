import { createHash } from 'node:crypto'

interface PastStep {
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly command: string
  /** How long it usually takes. */
  readonly usualMs: number
}

const workflows: Readonly<Record<string, readonly PastStep[]>> = {
  'nightly-import': [
    { name: 'fetch', dependsOn: [], command: './fetch.sh', usualMs: 6_200 },
    { name: 'validate', dependsOn: ['fetch'], command: './validate.sh', usualMs: 2_400 },
    { name: 'load', dependsOn: ['validate'], command: './load.sh', usualMs: 14_800 },
    { name: 'report', dependsOn: ['load'], command: './report.sh', usualMs: 900 },
  ],
  'sync-tickets': [
    { name: 'collect', dependsOn: [], command: './collect.sh', usualMs: 4_300 },
    { name: 'push', dependsOn: ['collect'], command: './push.sh', usualMs: 9_100 },
    { name: 'notify', dependsOn: ['push'], command: './notify.sh', usualMs: 700 },
  ],
  'rebuild-index': [
    { name: 'read', dependsOn: [], command: './read.sh', usualMs: 5_200 },
    { name: 'sort', dependsOn: ['read'], command: './sort.sh', usualMs: 11_600 },
    { name: 'write', dependsOn: ['sort'], command: './write.sh', usualMs: 8_300 },
    { name: 'swap', dependsOn: ['write'], command: './swap.sh', usualMs: 600 },
    { name: 'verify', dependsOn: ['swap'], command: './verify.sh', usualMs: 3_900 },
  ],
}

const errors = [
  'Command failed with exit code 1: connect ECONNREFUSED 127.0.0.1:5432',
  'Command failed with exit code 2: TypeError: rows is not iterable',
  'Verification failed for "verify": expected output to contain "OK"',
]

const pastRuns = 120
const minuteMs = 60_000
/** The minutes from one run to the next, again and again: some hours are busy, some quiet. An hour in the mean. */
const gapMinutes = [12, 95, 38, 7, 140, 52, 20, 88, 31, 117]

/** A believable run store of the last five days: most runs completed, some failed, one cancelled, one left behind by a crash. */
export function demoHistory(nowMs: number): string {
  const lines: string[] = []
  const names = Object.keys(workflows)
  const gaps = Array.from({ length: pastRuns }, (_, index) => (gapMinutes[index % gapMinutes.length] ?? 0) * minuteMs)
  let startMs = nowMs - gaps.reduce((sum, gap) => sum + gap, 0)
  for (const [index, gapMs] of gaps.entries()) {
    const name = names[index % names.length] ?? 'nightly-import'
    lines.push(...pastRun({ index, name, steps: workflows[name] ?? [], startMs, fate: fateOf(index) }))
    startMs += gapMs
  }
  return `${lines.join('\n')}\n`
}

type Fate = 'completed' | 'failed' | 'cancelled' | 'left'

function fateOf(index: number): Fate {
  if (index === 60) return 'left'
  if (index % 37 === 11) return 'cancelled'
  return index % 11 === 7 ? 'failed' : 'completed'
}

function pastRun({
  index,
  name,
  steps,
  startMs,
  fate,
}: {
  readonly index: number
  readonly name: string
  readonly steps: readonly PastStep[]
  readonly startMs: number
  readonly fate: Fate
}): readonly string[] {
  const lines: string[] = []
  const at = (offsetMs: number): string => new Date(startMs + offsetMs).toISOString()
  const runId = idOf(`run ${index}`)
  const configured = steps.map(({ name: step, dependsOn, command }) => ({
    name: step,
    type: 'deterministic',
    dependsOn,
    command,
  }))
  const config = {
    version: '1.0',
    name,
    swarm: { pattern: 'dag' },
    agents: [],
    errorHandling: { strategy: 'fail-fast' },
    workflows: [{ name, steps: configured }],
  }
  const base = {
    id: runId,
    workspaceId: 'local',
    workflowName: name,
    pattern: 'dag',
    config,
    startedAt: at(0),
    createdAt: at(0),
  }
  const put = (kind: 'run' | 'step', row: object): unknown => lines.push(JSON.stringify({ kind, row }))
  const stepRow = (step: PastStep): object => ({
    id: idOf(`step ${index} ${step.name}`),
    runId,
    stepName: step.name,
    agentName: null,
    stepType: 'deterministic',
    task: step.command,
    dependsOn: step.dependsOn,
    createdAt: at(0),
  })
  put('run', { ...base, status: 'pending', updatedAt: at(0) })
  for (const step of steps) put('step', { ...stepRow(step), status: 'pending', retryCount: 0, updatedAt: at(0) })
  put('run', { ...base, status: 'running', updatedAt: at(5) })
  const stopAt = fate === 'completed' ? steps.length : 1 + (index % (steps.length - 1))
  const error = fate === 'cancelled' ? 'Cancelled' : (errors[index % errors.length] ?? '')
  let offsetMs = 10
  for (const [place, step] of steps.entries()) {
    const row = stepRow(step)
    if (place > stopAt) {
      if (fate !== 'left') put('step', { ...row, status: 'skipped', retryCount: 0, updatedAt: at(offsetMs) })
      continue
    }
    const startedAt = at(offsetMs)
    put('step', { ...row, status: 'running', retryCount: 0, startedAt, updatedAt: startedAt })
    if (place === stopAt && fate === 'left') return lines
    offsetMs += tookMs(step, index + place)
    const ended = { ...row, retryCount: 0, startedAt, completedAt: at(offsetMs), updatedAt: at(offsetMs) }
    if (place < stopAt)
      put('step', { ...ended, status: 'completed', output: `${step.name}: ${100 + ((index * 13) % 400)} rows\n` })
    else
      put('step', {
        ...ended,
        status: 'failed',
        output: '',
        error: fate === 'cancelled' ? `Step "${step.name}" aborted` : error,
      })
  }
  const failure =
    fate === 'completed'
      ? {}
      : { error: fate === 'cancelled' ? error : `Step "${steps[stopAt]?.name}" failed: ${error}` }
  put('run', { ...base, status: fate, completedAt: at(offsetMs), updatedAt: at(offsetMs), ...failure })
  return lines
}

/** How long a step took, around what is usual for it; now and then much longer. */
function tookMs({ usualMs }: PastStep, seed: number): number {
  const slowed = seed % 29 === 3 ? 2.4 : 1
  return Math.round(usualMs * slowed * (0.8 + ((seed * 37) % 41) / 100))
}

function idOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 24)
}
