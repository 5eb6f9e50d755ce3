// A DBOS application of its own process, with what its workflows do told by files (startWorker.testkit.ts).
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import sdk from '@dbos-inc/dbos-sdk'

const { DBOS } = sdk
const { WORKER_URL, WORKER_EXECUTOR, WORKER_VERSION, WORKER_RAN, WORKER_FAULTS, WORKER_SHAPE } = process.env

const ran = (what) => appendFileSync(WORKER_RAN, `${DBOS.workflowID} ${what} ${WORKER_EXECUTOR}\n`)
const faults = () => (existsSync(WORKER_FAULTS) ? readFileSync(WORKER_FAULTS, 'utf8').split('\n') : [])
const timesRan = (what) => {
  const line = `${DBOS.workflowID} ${what} `
  return readFileSync(WORKER_RAN, 'utf8')
    .split('\n')
    .filter((each) => each.startsWith(line)).length
}

/** A step whose body writes down that it ran, and fails while its name is among the faults. */
const step = (name, body = () => `${name} done`, config = {}) =>
  DBOS.runStep(
    async () => {
      ran(name)
      if (faults().includes(name)) throw new Error(`${name} was refused: HTTP 422`)
      return body()
    },
    { name, ...config },
  )

const odd = {
  date: () => new Date('2026-01-02T03:04:05.678Z'),
  map: () => new Map([['total', 12n]]),
  set: () => new Set(['one', 'two']),
  bigint: () => 2n ** 70n,
  nothing: () => undefined,
  notANumber: () => Number.NaN,
  error: () => new TypeError('kept, not thrown'),
  circular: () => {
    const value = { name: 'loop' }
    value.self = value
    return value
  },
  markup: () => '<img src=x onerror=alert(1)>\u202e\u0007',
  big: () => 'x'.repeat(10 * 1024 * 1024),
}

const workflows = {
  async pipeline() {
    await step('fetch', () => ({ rows: 12 }))
    await step('transform')
    return step('publish')
  },
  /** Its second step waits until `open` is among the faults, for so long at most. */
  async three(gateMs) {
    await step('first', () => ({ text: 'käse' }))
    await step('second', async () => {
      const end = Date.now() + gateMs
      while (Date.now() < end && !faults().includes('open')) await sleep(20)
    })
    return step('third')
  },
  /** Its one step fails `times` times, for each retry a body. */
  async flaky(times) {
    const body = () => {
      const number = timesRan('flaky')
      if (number <= times) throw new Error(`Error ${number}`)
      return number
    }
    return step('flaky', body, { retriesAllowed: true, maxAttempts: 3, intervalSeconds: 0.05 })
  },
  async sleepy(ms) {
    if (WORKER_SHAPE === 'changed') await DBOS.sleepms(1)
    await step('before')
    await DBOS.sleepms(ms)
    return step('after')
  },
  async longStep(ms) {
    await step('before')
    await step('long', async () => {
      for (const end = Date.now() + ms; Date.now() < end && !faults().includes('let-go'); ) await sleep(20)
      ran('long-end')
    })
    return step('after')
  },
  async crashing() {
    await step('before')
    await step('crash', () => {
      if (faults().includes('exit')) process.exit(9)
    })
    return step('after')
  },
  async approval(timeoutSeconds) {
    await DBOS.setEvent('progress', '10 %')
    const answer = await DBOS.recv('approval', timeoutSeconds)
    await step('act', () => answer)
    await DBOS.setEvent('progress', '100 %')
    return answer
  },
  async parent(count) {
    const children = []
    for (let index = 0; index < count; index++)
      children.push(
        await DBOS.startWorkflow(registered.pipeline, { workflowID: `${DBOS.workflowID}-child-${index}` })(),
      )
    for (const child of children) await child.getResult()
    return count
  },
  async manySteps(count) {
    for (let index = 0; index < count; index++) await DBOS.runStep(async () => index, { name: `step-${index}` })
    return count
  },
  async values(kind) {
    return step(kind, odd[kind])
  },
}

const registered = Object.fromEntries(
  Object.entries(workflows).map(([name, body]) => [
    name,
    DBOS.registerWorkflow(body, { name, maxRecoveryAttempts: 2 }),
  ]),
)

const toStderr = (entry) => process.stderr.write(`${String(entry)}\n`)
DBOS.setConfig({
  name: 'rundesk-tests',
  systemDatabaseUrl: WORKER_URL,
  applicationVersion: WORKER_VERSION,
  executorID: WORKER_EXECUTOR,
  logger: { debug: () => undefined, info: () => undefined, warn: toStderr, error: toStderr },
})

const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const commands = {
  start: async ({ name, id, args, queue }) => {
    await DBOS.startWorkflow(registered[name], { workflowID: id, ...(queue ? { queueName: queue } : {}) })(...args)
  },
  send: ({ id, message, topic }) => DBOS.send(id, message, topic),
  event: ({ id, key }) => DBOS.getEvent(id, key, 5),
  stop: async () => {
    await DBOS.shutdown()
    setImmediate(() => process.exit(0))
  },
}
await DBOS.launch()
await DBOS.registerQueue('orders', { workerConcurrency: 1, minPollingIntervalMs: 100 })
tell({ ready: true })
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { number, what, ...rest } = JSON.parse(line)
    try {
      tell({ number, value: await commands[what](rest) })
    } catch (error) {
      tell({ number, error: String(error?.stack ?? error) })
    }
  })
  .on('close', () => process.exit(0))
