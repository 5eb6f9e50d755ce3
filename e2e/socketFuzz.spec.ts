import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { contractChannels } from '../shared/contractChannels.testkit'
import { layBait, test } from './deskWorld'
import { environment, serve } from './open'
import { askSocket, attackSocket, showToken } from './socketHostility'

const count = Number(process.env.RUNDESK_HOSTILE_MESSAGES ?? 3_000)
const seed = Number(process.env.RUNDESK_SEED ?? 1)
const sockets = 4
const flatMegabytes = 60

test(`${count} hostile messages over sockets are each answered, change nothing outside, and leave the host as it was`, async ({
  desk,
  workspace,
  closers,
}) => {
  test.setTimeout(60_000 + count * 30)
  const root = dirname(workspace)
  const dataDir = join(root, 'data')
  const outside = await layBait(desk, workspace)
  const said: string[] = []
  const env = { ...environment(), HOME: desk.home, NODE_OPTIONS: '--max-old-space-size=512' }
  const args = ['serve', '-w', workspace, '--data-dir', dataDir]
  const bridged = await showToken(await serve(args, closers, { env, onOutput: (text) => said.push(text) }))
  const pid = await servingPid(dataDir)

  const known = JSON.stringify([
    await askSocket(bridged, 'workspaces:list', {}),
    await askSocket(bridged, 'runs:query', { workspaceId: null, filter: 'all', offset: 0, limit: 100 }),
    await askSocket(bridged, 'writebacks:query', { workspaceId: null, offset: 0, limit: 100 }),
  ])
  const source = {
    channels: contractChannels(),
    ids: [...new Set(known.match(/(?<=")[0-9a-f]{16,24}(?=")/g) ?? []), 'flow.yaml', 'one'],
    paths: [outside, join(outside, 'secret.yaml'), '../outside/x'],
  }
  const resident: number[] = []
  let done = 0
  const onProgress = (): void => {
    if (++done % Math.ceil(count / 20) === 0) resident.push(megabytesOf(pid))
  }
  const tallies = await Promise.all(
    Array.from({ length: sockets }, (_, index) =>
      attackSocket(bridged, { ...source, seed: seed * 100 + index, count: count / sockets, onProgress }),
    ),
  )
  const answers = await askSocket(bridged, 'app:info', {})
  const grown = Math.min(...resident.slice(-5)) - Math.min(...resident.slice(5, 10))

  expect({
    unanswered: tallies.flatMap(({ unanswered }) => unanswered).slice(0, 20),
    bugs: tallies.flatMap(({ bugs }) => bugs).slice(0, 20),
    closed: new Set(tallies.flatMap(({ closed }) => Object.keys(closed))),
    said: said.slice(1),
    answers: answers !== undefined,
    outside: [await readdir(outside), await readFile(join(outside, 'secret.yaml'), 'utf8')],
    root: (await readdir(root)).sort(),
    flat: grown < flatMegabytes ? 'flat' : `grew by ${grown} MB: ${resident.join(' ')}`,
  }).toEqual({
    unanswered: [],
    bugs: [],
    closed: new Set(['1008']),
    said: [],
    answers: true,
    outside: [['secret.yaml'], 'nobody changes this'],
    root: ['data', 'home', 'outside', 'payments'],
    flat: 'flat',
  })
  const codes = (name: string): number => tallies.reduce((sum, tally) => sum + (tally.codes[name] ?? 0), 0)
  expect(Math.min(codes('ok'), codes('refused'), codes('not_found'))).toBeGreaterThan(count / 20)
})

async function servingPid(dataDir: string): Promise<number> {
  const folder = join(dataDir, 'serving')
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.json'))
  return (JSON.parse(await readFile(join(folder, name), 'utf8')) as { pid: number }).pid
}

/** What of a process is in memory now. */
function megabytesOf(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kibibytes) / 1024)
}
