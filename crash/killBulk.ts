import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CountedCall,
  type CountingServer,
  startCountingServer,
} from '../electron/writebacks/countingServer.testkit'
import { createLedger } from '../electron/writebacks/ledger'
import { makeStuckMount, stuckWriteback } from '../electron/writebacks/makeStuckMount.testkit'
import type { Verdict } from './killLoops'
import { startVictim } from './runVictim'
import { bulkVictim } from './scenarios'

const token = 'crash-token'
/** Some lives are killed by the clock, because not every moment is one of a request. */
const byClock = 0.3
const maxClockMs = 600

/**
 * One bulk retry of so many items against a server that counts, whose process is killed again and again, at random
 * requests and random moments, and continued by the next one. At the end every item is delivered, once.
 */
export async function killBulk(
  dir: string,
  { items, kills, random }: { readonly items: number; readonly kills: number; readonly random: () => number },
): Promise<Verdict> {
  await mkdir(dir, { recursive: true })
  const server = await startCountingServer({ token })
  try {
    for (let index = 0; index < items; index++) server.put(stuckWriteback(index).path, 'old')
    makeStuckMount(dir, { items, serverUrl: server.url, token })
    const broken: string[] = []
    let killed = 0
    for (let life = 0; broken.length === 0; life++) {
      const last = killed >= kills
      const victim = startVictim({ scenario: bulkVictim.name, dir, life: String(life), changes: null, dieAt: null })
      if (!last) {
        // Three requests an item; a life that is killed early leaves more to the others.
        const left = Math.max(1, items - server.applied.size) * 3
        killAt(server, { victim, requests: Math.floor((random() * 2 * left) / (kills - killed + 1)), random })
      }
      const dead = await victim.dead
      server.setFault(null)
      if (dead) killed++
      for (const text of victim.complaints()) broken.push(`life ${life} after ${killed} kills: ${text}`)
      if (!dead) break
    }
    broken.push(...(await checkEnd({ dir, items, server })))
    return { kills: killed, broken }
  } finally {
    await server.close()
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Kills the victim at so many requests from now, or at a random moment after it is ready. */
function killAt(
  server: CountingServer,
  {
    victim,
    requests,
    random,
  }: {
    readonly victim: { readonly ready: Promise<void>; readonly kill: () => void }
    readonly requests: number
    readonly random: () => number
  },
): void {
  if (random() < byClock) {
    const ms = random() * maxClockMs
    void victim.ready.then(() => sleep(ms)).then(victim.kill)
    return
  }
  const before = random() < 0.5
  let seen = 0
  server.setFault(() => {
    if (seen++ !== requests) return undefined
    if (before) {
      victim.kill()
      return { kind: 'drop', when: 'before' }
    }
    setTimeout(victim.kill, random() * 5)
    return undefined
  })
}

/** What is wrong when nothing is left to do. */
async function checkEnd({
  dir,
  items,
  server,
}: {
  readonly dir: string
  readonly items: number
  readonly server: CountingServer
}): Promise<readonly string[]> {
  const mount = join(dir, 'mount')
  const ledger = createLedger(mount)
  await ledger.refresh()
  const begun = ledger.operations().filter((operation) => operation.begun)
  await ledger.close()
  const [operation] = begun
  const wrong: string[] = []
  const expect = (what: string, is: number, should: number): void => {
    if (is !== should) wrong.push(`${what}: ${is}, not ${should}`)
  }
  expect('operations that were begun', begun.length, 1)
  expect('items that the ledger knows', operation?.items.length ?? 0, items)
  expect('items that were delivered by the ledger', operation?.counts.delivered ?? 0, items)
  if (operation?.endedAt === null) wrong.push('the operation has not ended')
  expect('files that were written', server.applied.size, items)
  expect('files that were written more than once', [...server.applied.values()].filter((count) => count > 1).length, 0)
  for (let index = 0; index < items; index++) {
    const { path, content } = stuckWriteback(index)
    if (server.files.get(path)?.content !== content) wrong.push(`the server has other content of ${path}`)
  }
  expect('evidence outside of the trash', (await readdir(join(mount, '.relay/dead-letter'))).length, 0)
  const pending = await readdir(join(mount, '.relay/outbox/pending'))
  expect('outbox records', pending.filter((name) => !name.startsWith('.')).length, items)
  expect('temporary files in the outbox', pending.filter((name) => name.startsWith('.')).length, 0)
  return [...wrong, ...blindRepeats(server.calls)].slice(0, 20)
}

/** Writes that were sent again under another identity, or without a look at the server in between. */
function blindRepeats(calls: readonly CountedCall[]): readonly string[] {
  const identities = new Map<string, string | null>()
  const looked = new Set<string>()
  const wrong: string[] = []
  for (const { method, path, identity } of calls) {
    if (path === null) continue
    if (method === 'GET') looked.add(path)
    if (method !== 'POST') continue
    const earlier = identities.get(path)
    if (earlier !== undefined && earlier !== identity) wrong.push(`${path} was sent again under another identity`)
    if (!looked.has(path)) wrong.push(`${path} was sent without a look at the server`)
    identities.set(path, identity)
    looked.delete(path)
  }
  return wrong
}
