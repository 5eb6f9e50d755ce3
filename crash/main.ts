import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../shared/seededRandom.testkit'
import { killBulk } from './killBulk'
import { boundaries, measureLife, playChains } from './killChains'
import { findPoints, killAtPoint, killAtRandom, type Verdict } from './killLoops'
import { bulkVictim, chainedVictim, type ListedScenario, scenarios } from './scenarios'

/** `npm run test:crash`: kills victims at every point and at random moments (docs/testing.md). */
const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    report: { type: 'string' },
  },
})
const scenarioKills = Number(values.kills ?? 500)
const runnerKills = Number(values.kills ?? 300)
const chainKills = 8
/** In a bulk retry of fifty items for each kill. */
const bulkKills = Math.min(Number(values.kills ?? 12), 200)
const bulkItems = 50 * bulkKills
const processors = Math.max(2, availableParallelism())

interface Job {
  /** What it belongs to in the report. */
  readonly title: string
  readonly run: (name: string) => Promise<Verdict>
}

const started = Date.now()
const chosen = scenarios.filter(({ name }) => name.includes(values.only))
const root = await mkdtemp(join(tmpdir(), 'rundesk-crash-'))
const random = seededRandom(Number(values.seed))
try {
  const exhaustive = (await inLanes(chosen.map((scenario) => () => pointJobs(scenario)))).flat()
  const left = Math.max(0, scenarioKills - exhaustive.length)
  const atRandom = chosen.flatMap((scenario) => randomJobs(scenario, shareOf(scenario, left)))
  const jobs = [...exhaustive, ...atRandom]
  const verdicts = await inLanes(jobs.map((job, index) => () => job.run(`job-${index}`)))
  const chains = await chainJobs()
  const ends = await inLanes(
    chains.map((job, index) => () => job.run(`chain-${index}`)),
    2 * processors,
  )
  const bulk = bulkJobs()
  const bulkEnds = await inLanes(bulk.map((job, index) => () => job.run(`bulk-${index}`)))
  await report([...jobs, ...chains, ...bulk], [...verdicts, ...ends, ...bulkEnds])
} finally {
  await rm(root, { recursive: true, force: true })
}

async function pointJobs(scenario: ListedScenario): Promise<readonly Job[]> {
  const points = await findPoints({ scenario, root, name: `points-${scenario.name}` })
  return points.map((point) => ({
    title: `${scenario.name}, at every point`,
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
      title: `${scenario.name}, at random moments`,
      run: (name) =>
        killAtRandom(
          { scenario, root, name },
          { kills: Math.min(chainKills, kills - chain * chainKills), random: own },
        ),
    }
  })
}

/** Chains of lives of the runner: first one for each boundary of an undisturbed life, then at random. */
async function chainJobs(): Promise<readonly Job[]> {
  const title = chainedVictim.name
  if (!title.includes(values.only)) return []
  const reference = await measureLife(join(root, 'reference'))
  const firsts = boundaries(reference)
  const count = Math.ceil(runnerKills / chainKills)
  return Array.from({ length: count }, (_, job) => {
    const own = firsts.filter((_first, index) => index % count === job)
    const options = { reference, firsts: own, kills: Math.min(chainKills, runnerKills - job * chainKills) }
    const seeded = seededRandom(random() * 2 ** 32)
    return { title, run: (name) => playChains(join(root, name), { ...options, random: seeded }) }
  })
}

function bulkJobs(): readonly Job[] {
  const title = bulkVictim.name
  if (!title.includes(values.only)) return []
  const seeded = seededRandom(random() * 2 ** 32)
  const options = { items: bulkItems, kills: bulkKills, random: seeded }
  return [{ title, run: (name) => killBulk(join(root, name), options) }]
}

/** Does the work in order, with as many at a time as there are processors, or more where most of it is waiting. */
async function inLanes<T>(work: readonly (() => Promise<T>)[], lanes = processors): Promise<readonly T[]> {
  const results: T[] = []
  const queue = work.entries()
  const lane = async (): Promise<void> => {
    for (const [index, one] of queue) results[index] = await one()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

async function report(jobs: readonly Job[], verdicts: readonly Verdict[]): Promise<void> {
  let passed = 0
  let failed = 0
  let total = 0
  for (const title of new Set(jobs.map((job) => job.title))) {
    const own = verdicts.filter((_verdict, index) => jobs[index]?.title === title)
    const kills = own.reduce((sum, verdict) => sum + verdict.kills, 0)
    const broken = own.flatMap((verdict) => verdict.broken)
    total += kills
    if (broken.length === 0) passed++
    else failed++
    print(`${broken.length === 0 ? 'ok  ' : 'FAIL'} ${title}: ${kills} kills, ${broken.length} broken`)
    for (const text of broken.slice(0, 5)) print(`     ${text}`)
  }
  print(`${total} kills in ${Math.round((Date.now() - started) / 1000)} s, seed ${values.seed}`)
  print(`${passed} passed, ${failed} failed`)
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify({ passed, failed }))
  process.exitCode = failed === 0 ? 0 : 1
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
