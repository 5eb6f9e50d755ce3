import { setTimeout as wait } from 'node:timers/promises'
import type { ElectronApplication, Page } from '@playwright/test'
import { type DeskWorld, stuck } from '../e2e/deskWorld'
import type { Client } from '../shared/client'

/** What people do all the time, each again and again until it is over. */
export interface Acts {
  /** How often each was done. */
  readonly counts: Readonly<Record<string, number>>
  /** Resolves when all have ended. Throws what one of them threw. */
  readonly done: Promise<unknown>
}

const finalStatuses = ['completed', 'failed', 'cancelled']

export function act({
  client,
  page,
  electron,
  desk,
  isOver,
}: {
  readonly client: Client
  readonly page: Page
  readonly electron: ElectronApplication
  readonly desk: DeskWorld
  readonly isOver: () => boolean
}): Acts {
  const counts: Record<string, number> = {}
  const again = async (name: string, everyMs: number, once: (time: number) => Promise<void>): Promise<void> => {
    for (let time = 0; !isOver(); time++) {
      await once(time)
      counts[name] = time + 1
      await wait(everyMs)
    }
  }
  const done = Promise.all([
    again('resumed', 500, () => failAndResume(client)),
    again('cancelled', 500, () => startAndCancel(client)),
    again('retried', 500, (time) => retry(client, desk, time)),
    again('windows', 2_000, () => openAndClose(client, electron)),
    again('screens', 1_000, (time) => lookAround(page, time)),
  ])
  return { counts, done }
}

/** The files of the workflows that are started: one that fails at first, one that goes on until it is cancelled. */
export const workflows = {
  fails: [{ name: 'once', command: 'test -f "$RUNDESK_RUN_ID.seen" || { touch "$RUNDESK_RUN_ID.seen"; exit 3; }' }],
  long: [{ name: 'wait', command: 'sleep 300 & wait' }],
} as const

async function failAndResume(client: Client): Promise<void> {
  const workspaceId = await workspaceOf(client)
  const { run } = await client.request('workflows:start', { workspaceId, file: 'fails.yaml', vars: {} })
  await status(client, run.id, 'failed')
  await client.request('runs:resume', { workspaceId, runId: run.id, confirmed: false })
  await status(client, run.id, 'completed')
}

async function startAndCancel(client: Client): Promise<void> {
  const workspaceId = await workspaceOf(client)
  const { run } = await client.request('workflows:start', { workspaceId, file: 'long.yaml', vars: {} })
  await status(client, run.id, 'running')
  await client.request('runs:cancel', { workspaceId, runId: run.id, confirmed: false })
  await status(client, run.id, 'cancelled')
}

async function retry(client: Client, desk: DeskWorld, time: number): Promise<void> {
  const path = `/docs/${time}.md`
  await desk.write(stuck(path))
  const key = await eventually(`${path} is stuck`, async () => {
    const { items } = await client.request('writebacks:query', {
      workspaceId: null,
      search: path,
      offset: 0,
      limit: 10,
    })
    return items.find((item) => item.path === path && item.state === 'stuck')?.key
  })
  let outcome: string | null | undefined
  do {
    const { setId } = await client.request('writebacks:preview', { keys: [key], act: 'retry' })
    const { operation } = await client.request('writebacks:retry', { setId, reason: null, waitSeconds: 30 })
    outcome = await eventually(`the retry of ${path} has ended`, async () => {
      const now = await client.request('operations:get', { operationId: operation.id })
      return now.operation.state === 'ended' ? now.items[0]?.outcome : undefined
    })
  } while (outcome === 'changed') // Its files are written one after the other: a person would look and retry again.
  if (outcome !== 'delivered') throw new Error(`${path} is not delivered but ${outcome}`)
}

async function openAndClose(client: Client, electron: ElectronApplication): Promise<void> {
  const opened = electron.waitForEvent('window')
  await client.request('windows:open', { hash: '#/w/all/runs' })
  const window = await opened
  await window.getByRole('option').first().waitFor()
  await window.close()
}

const screens = ['overview', 'runs', 'trajectories', 'writebacks', 'problems'] as const

async function lookAround(page: Page, time: number): Promise<void> {
  const screen = screens[time % screens.length]
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/w/all/${screen}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
}

async function workspaceOf(client: Client): Promise<string> {
  const { workspaces } = await client.request('workspaces:list', {})
  return workspaces[0]?.id ?? ''
}

async function status(client: Client, runId: string, wanted: string): Promise<void> {
  const workspaceId = await workspaceOf(client)
  await eventually(`${runId} is ${wanted}`, async () => {
    const { run } = await client.request('runs:get', { workspaceId, runId })
    if (run.status === wanted) return true
    if (finalStatuses.includes(run.status) && wanted === 'running') throw new Error(`${runId} is ${run.status}`)
    return undefined
  })
}

const patienceMs = 60_000

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await wait(50)) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`)
  }
}
