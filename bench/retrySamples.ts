import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parentPort, Worker } from 'node:worker_threads'
import { startCountingServer } from '../electron/writebacks/countingServer.testkit'
import { makeStuckMount, stuckWriteback } from '../electron/writebacks/makeStuckMount.testkit'
import { createWritebackDesk, type WritebackDesk } from '../electron/writebacks/writebackDesk'
import { mebibytes, watchThread } from './measure'
import type { Sample } from './samples'

const token = 'bench-token'
/** As Rundesk does. */
const parallel = 16
/** As a server does that is not on the same machine. */
const serverDelayMs = 20

/** Samples about bulk retries; each runs in a process of its own, and its server in a thread of its own. */
export const retrySamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  /** In a thread: a server that takes its time for each answer, until the process ends. */
  countingServer: async ([items = '']) => {
    const server = await startCountingServer({ token, delayMs: serverDelayMs, keepCalls: false })
    for (let index = 0; index < Number(items); index++) server.put(stuckWriteback(index).path, 'old')
    let firstWriteMs = Number.NaN
    server.setFault(({ method }) => {
      if (method === 'POST' && Number.isNaN(firstWriteMs)) firstWriteMs = sharedMs()
      return undefined
    })
    parentPort?.on('message', () =>
      parentPort?.postMessage({
        applied: server.applied.size,
        most: Math.max(0, ...server.applied.values()),
        firstWriteMs,
      }),
    )
    parentPort?.postMessage(server.url)
    return new Promise<Sample>(() => undefined)
  },
  /** The requests that a retry makes, and nothing else. */
  bareRetry: async ([items = '']) => {
    const server = await startServerThread(items)
    const agent = new Agent({ keepAlive: true, maxSockets: parallel })
    const cpu = process.cpuUsage()
    const start = performance.now()
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < Number(items)) {
        const index = next++
        const { path, content, revision } = stuckWriteback(index)
        const identity = { kind: 'mount-command', key: `mountcmd_${index}`, ttlSeconds: 604_800 }
        const file = {
          path,
          contentType: 'text/markdown',
          content,
          encoding: '',
          ifMatch: revision,
          contentIdentity: identity,
        }
        await ask(server.url, agent, { method: 'GET', path: `fs/file?path=${encodeURIComponent(path)}` })
        const answer = await ask(server.url, agent, { method: 'POST', path: 'fs/bulk', body: { files: [file] } })
        await ask(server.url, agent, { method: 'GET', path: `ops/${opIdIn(answer)}` })
      }
    }
    await Promise.all(Array.from({ length: parallel }, lane))
    const ms = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    const { applied, most } = await server.count()
    const sample = { ms, cpuMs: (user + system) / 1000, applied, most }
    await server.stop()
    agent.destroy()
    return sample
  },
  retry: async ([items = '']) =>
    inMount(Number(items), async (desk, count) => {
      const refs = (await desk.select({ workspaceId: null })).map(({ item }) => ({
        key: item.key,
        version: item.version,
      }))
      const stretch = watchThread()
      const cpu = process.cpuUsage()
      const startMs = sharedMs()
      const { operation } = await desk.acts.retry({ items: refs, reason: null, waitSeconds: 60 })
      const claimMs = sharedMs() - startMs
      const { counts, allDoneMs } = await untilDone(desk, operation.id)
      const ms = sharedMs() - startMs
      const { user, system } = process.cpuUsage(cpu)
      const busyMs = stretch()
      const { applied, most, firstWriteMs } = await count()
      return {
        ...{ ms, claimMs, busyMs, applied, most },
        beginMs: firstWriteMs - startMs,
        sendMs: allDoneMs - startMs,
        cpuMs: (user + system) / 1000,
        delivered: counts.delivered,
        mib: mebibytes(),
      }
    }),
  abortRetry: async ([items = '']) =>
    inMount(Number(items), async (desk) => {
      const refs = (await desk.select({ workspaceId: null })).map(({ item }) => ({
        key: item.key,
        version: item.version,
      }))
      const { operation } = await desk.acts.retry({ items: refs, reason: null, waitSeconds: 60 })
      await sleep(1_000)
      const start = performance.now()
      const ended = await desk.operations.abort(operation.id)
      return {
        ms: performance.now() - start,
        done: ended.done,
        delivered: ended.counts.delivered,
        skipped: ended.counts.skipped,
      }
    }),
}

async function inMount(
  items: number,
  action: (desk: WritebackDesk, count: ServerThread['count']) => Promise<Sample>,
): Promise<Sample> {
  const root = mkdtempSync(join(tmpdir(), 'rundesk-bench-retry-'))
  const server = await startServerThread(String(items))
  try {
    const { mount, home } = makeStuckMount(root, { items, serverUrl: server.url, token })
    const desk = createWritebackDesk({
      dataDir: join(root, 'data'),
      home,
      operator: 'bench@here',
      onChanged: () => undefined,
      onOperationChanged: () => undefined,
    })
    await desk.setFolders([{ workspaceId: 'w', path: mount }])
    const sample = await action(desk, server.count)
    await desk.close()
    return sample
  } finally {
    await server.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

/** A clock that the server's thread has too, in ms. */
function sharedMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Waits for the end of an operation; tells also when its last item had an outcome. */
async function untilDone(desk: WritebackDesk, operationId: string) {
  let allDoneMs: number | undefined
  for (;;) {
    const { operation } = await desk.operations.page({ operationId, offset: 0, limit: 0 })
    if (operation.done === operation.total) allDoneMs ??= sharedMs()
    if (operation.state !== 'running' && operation.state !== 'following')
      return { counts: operation.counts, allDoneMs: allDoneMs ?? Number.NaN }
    await sleep(50)
  }
}

/** How many paths were written, the most writes of one, and when the first write came. */
interface ServerCount {
  readonly applied: number
  readonly most: number
  readonly firstWriteMs: number
}

interface ServerThread {
  readonly url: string
  readonly count: () => Promise<ServerCount>
  readonly stop: () => Promise<unknown>
}

function startServerThread(items: string): Promise<ServerThread> {
  const worker = new Worker(join(dirname(fileURLToPath(import.meta.url)), 'sample.mjs'), {
    argv: ['countingServer', items],
  })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (url: string) =>
      resolve({
        url,
        count: () =>
          new Promise((give) => {
            worker.once('message', give)
            worker.postMessage('count')
          }),
        stop: () => worker.terminate(),
      }),
    )
  })
}

function ask(
  url: string,
  agent: Agent,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const headers = {
      Authorization: `Bearer ${token}`,
      'X-Correlation-Id': 'bare',
      ...(data ? { 'Content-Type': 'application/json', 'Content-Length': data.length } : {}),
    }
    const call = request(`${url}/v1/workspaces/ws_bench/${path}`, { method, agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')))
    })
    call.on('error', reject)
    call.end(data)
  })
}

function opIdIn(answer: string): string {
  return /"opId":"([^"]+)"/.exec(answer)?.[1] ?? ''
}
