import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startVictim, type Victim } from './runVictim'
import type { Aftermath, Change, Scenario } from './scenario'
import type { ListedScenario } from './scenarios'
import type { KillPoint } from './victimPlan'

/** What came of some kills. */
export interface Verdict {
  readonly kills: number
  /** What was wrong, and where: enough to do it again. */
  readonly broken: readonly string[]
}

/** A scenario in a folder of its own, `name` under `root`. */
interface Place {
  readonly scenario: ListedScenario
  readonly root: string
  readonly name: string
}

/** The calls that change what other processes see. */
const visible: readonly string[] = ['open', 'write', 'rename', 'link', 'remove']

/** Lets a victim live to its end and gives every point at which another one can be killed. */
export async function findPoints(place: Place): Promise<readonly KillPoint[]> {
  const { name } = place.scenario
  return inFolder(place, async (dir, { changes, fewerPoints = false }) => {
    const victim = startVictim({ scenario: name, dir, life: '0', changes, dieAt: null })
    await victim.dead
    if (victim.complaints().length > 0) throw new Error(`${name}: ${victim.complaints().join('; ')}`)
    if (victim.calls().length === 0) throw new Error(`${name}: its victim never changed the disk`)
    const cuts = fewerPoints ? (['nothing', 'half'] as const) : (['nothing', 'half', 'all but a byte'] as const)
    return victim.calls().flatMap((kind, call): readonly KillPoint[] => {
      if (kind === 'write') return cuts.map((done) => ({ call, kind, done }))
      return fewerPoints && !visible.includes(kind) ? [] : [{ call, kind, done: 'nothing' }]
    })
  })
}

/** Kills one victim at one point, in a folder of its own, and checks what is left. */
export async function killAtPoint(place: Place, point: KillPoint): Promise<Verdict> {
  const { name } = place.scenario
  return inFolder(place, async (dir, scenario) => {
    const victim = startVictim({ scenario: name, dir, life: '0', changes: scenario.changes, dieAt: point })
    const killed = await victim.dead
    const wrong = [
      ...victim.complaints(),
      ...(killed ? [] : ['the victim did not reach the point']),
      ...(await checked(scenario, { dir, changes: victim.changes(), kills: 1, freshlyDead: [], heir: 'heir-0' })),
    ]
    const where = `${name}, killed at disk call ${point.call} (${point.kind}, ${point.done} of it done)`
    return { kills: killed ? 1 : 0, broken: wrong.map((text) => `${where}: ${text}`) }
  })
}

/** Kills victims one after the other in the same folder, each at a random moment, and checks after each. */
export async function killAtRandom(
  place: Place,
  { kills, random }: { readonly kills: number; readonly random: () => number },
): Promise<Verdict> {
  const { name } = place.scenario
  return inFolder(place, async (dir, scenario) => {
    let changes: readonly Change[] = []
    const broken: string[] = []
    let killed = 0
    let freshlyDead: readonly number[] = []
    for (let life = 0; killed < kills && broken.length === 0; life++) {
      const victims = Array.from({ length: scenario.victims }, (_, which) =>
        startVictim({ scenario: name, dir, life: `${life}${'ab'[which]}`, changes: null, dieAt: null }),
      )
      await killOneByOne(victims, random)
      killed += victims.length
      changes = [...changes, ...victims.flatMap((victim) => victim.changes())]
      const heir = `heir-${life}`
      const worked = victims.some((victim) => victim.changes().some(({ done }) => done))
      freshlyDead = [...(worked ? [] : freshlyDead), ...victims.map(({ pid }) => pid)]
      const wrong = await checked(scenario, { dir, changes, kills: killed, freshlyDead, heir })
      changes = [...changes, { id: heir, done: true }]
      for (const text of [...victims.flatMap((victim) => victim.complaints()), ...wrong])
        broken.push(`${name}, killed at a random moment of life ${life}: ${text}`)
    }
    return { kills: killed, broken }
  })
}

/** Who outlives another victim must go on: it is killed only when it has acknowledged more changes. */
async function killOneByOne(victims: readonly Victim[], random: () => number): Promise<void> {
  await Promise.all(victims.map((victim) => victim.ready))
  for (const [index, victim] of victims.entries()) {
    const done = victim.changes().filter((change) => change.done).length
    if (index > 0) await victim.acknowledged(done + 2)
    await sleep(random() * random() * 40)
    victim.kill()
    await victim.dead
  }
}

async function checked(scenario: Scenario, after: Omit<Aftermath, 'onEnd'>): Promise<readonly string[]> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    return await scenario.check({ ...after, onEnd: (close) => closers.push(close) })
  } catch (error) {
    return [`the next process cannot go on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
  } finally {
    for (const close of closers) await close()
  }
}

async function inFolder<T>(
  { root, name, scenario: listed }: Place,
  action: (dir: string, scenario: Scenario) => Promise<T>,
): Promise<T> {
  const dir = join(root, name)
  const scenario = await listed.load()
  await mkdir(dir, { recursive: true })
  try {
    await scenario.prepare(dir)
    return await action(dir, scenario)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
