import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPoints, killAtPoint, killAtRandom, type Verdict } from './killLoops'
import { type ListedScenario, scenarios } from './scenarios'
import { seededRandom } from './seededRandom'

/** `npm run test:crash`: kills victims at every point and at random moments (docs/testing.md). */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    report: { type: 'string' },
  },
})
const chainKills = 8

interface Job {
  readonly scenario: ListedScenario
  readonly how: 'at every point' | 'at random moments'
  readonly run: (name: string) => Promise<Verdict>
}

const started = Date.now()
const chosen = scenarios.filter(({ name }) => name.includes(values.only))
const root = await mkdtemp(join(tmpdir(), 'rundesk-crash-'))
const random = seededRandom(Number(values.seed))
try {
  const exhaustive = (await inLanes(chosen.map((scenario) => () => pointJobs(scenario)))).flat()
  const left = Math.max(0, Number(values.kills) - exhaustive.length)
  const jobs = [...exhaustive, ...chosen.flatMap((scenario) => randomJobs(scenario, shareOf(scenario, left)))]
  const verdicts = await inLanes(jobs.map((job, index) => () => job.run(`job-${index}`)))
  await report(jobs, verdicts)
} finally {
  await rm(root, { recursive: true, force: true })
}

async function pointJobs(scenario: ListedScenario): Promise<readonly Job[]> {
  const points = await findPoints({ scenario, root, name: `points-${scenario.name}` })
  return points.map((point) => ({
    scenario,
    how: 'at every point',
    run: (name) => killAtPoint({ scenario, root, name }, point),
  }))
}

/** The scenario's share of the kills that are left; slow ones get a third of what the others get. At least one. */
function shareOf(scenario: ListedScenario, kills: number): number {
  const weight = ({ slow }: ListedScenario): number => (slow ? 1 : 3)
  const all = chosen.reduce((sum, one) => sum + weight(one), 0)
  return Math.max(1, Math.round((kills * weight(scenario)) / all))
}

function randomJobs(scenario: ListedScenario, kills: number): readonly Job[] {
  return Array.from({ length: Math.ceil(kills / chainKills) }, (_, chain) => {
    const own = seededRandom(random() * 2 ** 32)
    return {
      scenario,
      how: 'at random moments',
      run: (name) =>
        killAtRandom(
          { scenario, root, name },
          { kills: Math.min(chainKills, kills - chain * chainKills), random: own },
        ),
    }
  })
}

/** Does the work with as many at a time as there are processors, in order. */
async function inLanes<T>(work: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = []
  const queue = work.entries()
  const lane = async (): Promise<void> => {
    for (const [index, one] of queue) results[index] = await one()
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane))
  return results
}

async function report(jobs: readonly Job[], verdicts: readonly Verdict[]): Promise<void> {
  let passed = 0
  let failed = 0
  let total = 0
  for (const scenario of chosen) {
    for (const how of ['at every point', 'at random moments'] as const) {
      const own = verdicts.filter((_verdict, index) => jobs[index]?.scenario === scenario && jobs[index]?.how === how)
      const kills = own.reduce((sum, verdict) => sum + verdict.kills, 0)
      const broken = own.flatMap((verdict) => verdict.broken)
      total += kills
      if (broken.length === 0) passed++
      else failed++
      print(
        `${broken.length === 0 ? 'ok  ' : 'FAIL'} ${scenario.name}, ${how}: ${kills} kills, ${broken.length} broken`,
      )
      for (const text of broken.slice(0, 5)) print(`     ${text}`)
    }
  }
  print(`${total} kills in ${Math.round((Date.now() - started) / 1000)} s, seed ${values.seed}`)
  print(`${passed} passed, ${failed} failed`)
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify({ passed, failed }))
  process.exitCode = failed === 0 ? 0 : 1
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
