import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { markedProcesses } from '../electron/runner/processGroups'
import { inspect, inspectEnd, nothingStands, type Standing } from './chainCheck'
import { askBodyToKill, type BodyKill, chainSteps, writeChainFlow } from './chainFlow'
import type { Verdict } from './killLoops'
import { startVictim } from './runVictim'
import { chainedVictim } from './scenarios'
import type { KillPoint } from './victimPlan'

/** How one life of a chain ends. */
type LifeEnd =
  | ({ readonly kind: 'at a call' } & Pick<KillPoint, 'call' | 'done'>)
  | ({ readonly kind: 'in a body' } & BodyKill)
  | { readonly kind: 'after a time'; readonly ms: number }

/** What an undisturbed life does: its disk calls in order, and how long it takes. */
interface Reference {
  readonly calls: readonly string[]
  readonly spanMs: number
}

const orphanMs = 5_000
const cuts = ['nothing', 'half', 'all but a byte'] as const

/** Lets a life end by itself and gives what can be disturbed in it. */
export async function measureLife(dir: string): Promise<Reference> {
  return inChainFolder(dir, async () => {
    const victim = startVictim({ scenario: chainedVictim.name, dir, life: '0', changes: 1, dieAt: null })
    await victim.ready
    const startMs = Date.now()
    await victim.dead
    const spanMs = Date.now() - startMs
    const wrong = [...victim.complaints(), ...(await endOf(dir, { standing: nothingStands, kills: 0, executed: true }))]
    if (wrong.length > 0) throw new Error(`an undisturbed life: ${wrong.join('; ')}`)
    return { calls: victim.calls(), spanMs }
  })
}

/** Every write and every sync of an undisturbed life, and the writes also cut in two. */
export function boundaries({ calls }: Reference): readonly LifeEnd[] {
  return calls.flatMap((kind, call): readonly LifeEnd[] => {
    if (kind !== 'write' && kind !== 'sync') return []
    const whole: LifeEnd = { kind: 'at a call', call, done: 'nothing' }
    return kind === 'write' ? [whole, { ...whole, done: 'half' }] : [whole]
  })
}

/** Any end that a life may come to. Who goes on has less to do, so that for a later life it is an earlier one. */
function randomEnd(
  { calls, spanMs }: Reference,
  { life, random }: { readonly life: number; readonly random: () => number },
): LifeEnd {
  const share = (): number => (life === 0 ? random() : random() * random())
  const pick = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0]
  const kind = pick(['at a call', 'at a call', 'in a body', 'in a body', 'after a time'] as const)
  switch (kind) {
    case 'at a call':
      return { kind, call: Math.floor(share() * calls.length), done: pick(cuts) }
    case 'in a body':
      return {
        kind,
        step: pick(chainSteps),
        when: pick(['before', 'after'] as const),
        whom: pick(['step', 'runner', 'runner-and-stays'] as const),
      }
    case 'after a time':
      return { kind, ms: Math.floor(share() * spanMs) }
  }
}

/**
 * Plays chains until so many processes were killed and every one of `firsts` has been the end of a first life. Each
 * chain has up to seven disturbed lives.
 */
export async function playChains(
  dir: string,
  {
    reference,
    firsts,
    kills,
    random,
  }: {
    readonly reference: Reference
    readonly firsts: readonly LifeEnd[]
    readonly kills: number
    readonly random: () => number
  },
): Promise<Verdict> {
  let killed = 0
  const broken: string[] = []
  for (let chain = 0; chain < firsts.length || killed < kills; chain++) {
    const first = firsts[chain] ?? randomEnd(reference, { life: 0, random })
    const length = Math.min(Math.floor(random() * 7), Math.max(0, kills - killed - 1))
    const more = Array.from({ length }, (_, index) => randomEnd(reference, { life: index + 1, random }))
    const verdict = await playChain(`${dir}-${chain}`, { ends: [first, ...more], patient: random() < 0.5 })
    killed += verdict.kills
    broken.push(...verdict.broken)
  }
  return { kills: killed, broken }
}

/**
 * Plays lives one after the other in one folder until a life is not disturbed; each goes on where the one before it was
 * killed. Looks at what stands after each. With `patient` it waits after each kill until nothing of the run is left.
 */
async function playChain(
  dir: string,
  { ends, patient }: { readonly ends: readonly LifeEnd[]; readonly patient: boolean },
): Promise<Verdict> {
  return inChainFolder(dir, async () => {
    const broken: string[] = []
    let kills = 0
    let standing: Standing = nothingStands
    let executed = false
    for (const [life, end] of [...ends, null].entries()) {
      if (standing.run?.status === 'completed' && end) continue // What was not killed in time has ended the chain.
      executed = standing.run?.status !== 'completed'
      const { killed, complaints } = await live(dir, { life: String(life), end })
      if (killed) kills++
      standing = await inspect(dir, standing)
      const wrong = [
        ...complaints,
        ...standing.wrong,
        ...(patient && standing.run ? await orphansOf(standing.run.id) : []),
      ]
      for (const text of wrong) broken.push(`${tell(ends)}: life ${life}: ${text}`)
    }
    for (const text of await endOf(dir, { standing, kills, executed })) broken.push(`${tell(ends)}: ${text}`)
    return { kills, broken }
  })
}

async function live(
  dir: string,
  { life, end }: { readonly life: string; readonly end: LifeEnd | null },
): Promise<{ readonly killed: boolean; readonly complaints: readonly string[] }> {
  await rm(join(dir, 'kill'), { force: true })
  await rm(join(dir, 'killed'), { force: true })
  if (end?.kind === 'in a body') await askBodyToKill(dir, end)
  const dieAt = end?.kind === 'at a call' ? { ...end, kind: 'call' } : null
  const victim = startVictim({ scenario: chainedVictim.name, dir, life, changes: 1, dieAt })
  if (end?.kind === 'after a time') {
    await victim.ready
    await sleep(end.ms)
    victim.kill()
  }
  const dead = await victim.dead
  return { killed: dead || existsSync(join(dir, 'killed')), complaints: victim.complaints() }
}

/** Whatever became of the runner: after a while nothing that it started is left. */
async function orphansOf(runId: string): Promise<readonly string[]> {
  for (const until = Date.now() + orphanMs; ; ) {
    const left = await markedProcesses(`RUNDESK_RUN_ID=${runId}`)
    if (left.length === 0) return []
    if (Date.now() > until) return [`the processes ${left.join(', ')} outlive their runner`]
    await sleep(20)
  }
}

async function endOf(
  dir: string,
  { standing, ...rest }: { readonly standing: Standing; readonly kills: number; readonly executed: boolean },
): Promise<readonly string[]> {
  const last = await inspect(dir, standing)
  return [...last.wrong, ...(await inspectEnd(dir, { ...rest, standing: last }))]
}

function tell(ends: readonly LifeEnd[]): string {
  return `killed ${ends.map((end) => Object.values(end).join(' ')).join(', then ')}`
}

async function inChainFolder<T>(dir: string, action: () => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true })
  try {
    await writeChainFlow(dir)
    return await action()
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}
