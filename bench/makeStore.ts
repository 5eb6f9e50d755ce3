import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What a made run store holds. */
export interface StoreShape {
  readonly runs: number
  readonly steps: number
  readonly outputBytes: number
  /** How many runs are in flight at once, their lines in the order of time. */
  readonly interleaved?: number
  /** Share of steps that are retried once. */
  readonly retried?: number
  /** Share of failed runs that are resumed at the very end of the file and complete. */
  readonly resumed?: number
}

type Line = readonly [atMs: number, text: string]

const endMs = Date.parse('2026-11-01T00:00:00Z')
const gapMs = 20_000
const names = ['nightly-import', 'deploy-preview', 'sync-tickets', 'rebuild-index', 'export-ledger', 'backfill']
const errors = [
  'Command failed with exit code 1: connect ECONNREFUSED 10.0.0.7:5432',
  'Command failed with exit code 2: TypeError: rows is not iterable',
  'Command failed with exit code 137',
]

/** Writes a run store of the published line shapes, always the same for the same shape. */
export function makeStore(path: string, shape: StoreShape): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  let waiting: string[] = []
  let bytes = 0
  const put = (text: string): void => {
    waiting.push(text)
    bytes += text.length
    if (bytes < 4 * 1024 * 1024) return
    writeSync(file, waiting.join(''))
    waiting = []
    bytes = 0
  }
  const random = mulberry(1)
  const late: Line[] = []
  const flying: Line[][] = []
  const width = shape.interleaved ?? 1
  for (let run = 0; run < shape.runs || flying.length > 0; ) {
    while (flying.length < width && run < shape.runs) {
      const lines = makeRun(shape, { startMs: endMs - (shape.runs - run) * gapMs, random, late })
      flying.push(lines)
      run++
    }
    flying.sort((left, right) => (left[0]?.[0] ?? 0) - (right[0]?.[0] ?? 0))
    const [first] = flying
    const until = flying[1]?.[0]?.[0] ?? Number.POSITIVE_INFINITY
    while (first && first.length > 0 && (first[0]?.[0] ?? 0) <= until) put(first.shift()?.[1] ?? '')
    if (first?.length === 0) flying.shift()
  }
  for (const [, text] of late) put(text)
  writeSync(file, waiting.join(''))
  closeSync(file)
}

/** Rows are changed by spreading, as the published store does it. */
function makeRun(
  { steps: count, outputBytes, retried = 0, resumed = 0 }: StoreShape,
  { startMs, random, late }: { readonly startMs: number; readonly random: () => number; readonly late: Line[] },
): Line[] {
  const lines: Line[] = []
  const hex = (): string => Array.from({ length: 24 }, () => Math.floor(random() * 16).toString(16)).join('')
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const iso = (ms: number): string => new Date(ms).toISOString()
  const put = (ms: number, kind: string, row: object): void => {
    lines.push([ms, `${JSON.stringify({ kind, row })}\n`])
  }
  const name = pick(names)
  const [id, chance] = [hex(), random()]
  const status = outcomeOf(chance)
  const configs = Array.from({ length: count }, (_, index) => ({
    name: `step-${index}`,
    type: 'deterministic',
    command: `echo ${name} ${index} && make part-${index}`,
    ...(index > 0 ? { dependsOn: [`step-${index - 1}`] } : {}),
  }))
  const config = {
    version: '1.0',
    name,
    swarm: { pattern: 'dag' },
    agents: [],
    errorHandling: { strategy: 'fail-fast' },
    workflows: [{ name: 'main', steps: configs }],
  }
  const made = { startedAt: iso(startMs), createdAt: iso(startMs), updatedAt: iso(startMs) }
  const run = { id, workspaceId: 'local', workflowName: name, pattern: 'dag', status: 'pending', config, ...made }
  put(startMs, 'run', run)
  const rows = configs.map((step) => ({
    id: hex(),
    runId: id,
    stepName: step.name,
    agentName: null,
    stepType: 'deterministic',
    status: 'pending',
    task: step.command,
    dependsOn: step.dependsOn ?? [],
    retryCount: 0,
    createdAt: iso(startMs),
    updatedAt: iso(startMs),
  }))
  for (const row of rows) put(startMs, 'step', row)
  if (status === 'pending') return lines
  let ms = startMs + 5
  put(ms, 'run', { ...run, status: 'running', updatedAt: iso(ms) })
  const broken = status === 'completed' ? count : Math.floor(random() * count)
  const error = pick(errors)
  for (const [index, row] of rows.entries()) {
    if (index > broken) {
      if (status !== 'running') put(ms, 'step', { ...row, status: 'skipped', updatedAt: iso(ms) })
      continue
    }
    let going = { ...row, status: 'running', startedAt: iso(ms), updatedAt: iso(ms) }
    put(ms, 'step', going)
    if (random() < retried) {
      ms += 500
      put(ms, 'step', { ...going, retryCount: 1, updatedAt: iso(ms) })
      going = { ...going, retryCount: 1, startedAt: iso(ms), updatedAt: iso(ms) }
      put(ms, 'step', going)
    }
    if (index === broken && status === 'running') break
    ms += 200 + Math.floor(random() * 800)
    const ended = { completedAt: iso(ms), updatedAt: iso(ms) }
    if (index === broken) put(ms, 'step', { ...going, status: 'failed', output: '', error, ...ended })
    else put(ms, 'step', { ...going, status: 'completed', output: 'ok '.padEnd(outputBytes, 'x'), ...ended })
  }
  if (status === 'running') return lines
  const ended = { completedAt: iso(ms), updatedAt: iso(ms), ...(status === 'completed' ? {} : { error }) }
  put(ms, 'run', { ...run, status, ...ended })
  if (status !== 'failed' || random() >= resumed) return lines
  const lateMs = endMs + late.length
  const again = { ...run, ...ended, updatedAt: iso(lateMs) }
  late.push([lateMs, `${JSON.stringify({ kind: 'run', row: { ...again, status: 'running' } })}\n`])
  late.push([lateMs, `${JSON.stringify({ kind: 'run', row: { ...again, status: 'completed' } })}\n`])
  return lines
}

function outcomeOf(chance: number): string {
  if (chance < 0.82) return 'completed'
  if (chance < 0.92) return 'failed'
  if (chance < 0.96) return 'cancelled'
  return chance < 0.98 ? 'pending' : 'running'
}

/** Mulberry32: a small generator of numbers in [0, 1) from a seed. */
function mulberry(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}
