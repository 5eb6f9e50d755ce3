import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk'
import { z } from 'zod'
import { demoWorkflows, setCrash } from './demoDbosWorkflows'

// A DBOS worker in a thread of its own: what ends it, ends nothing else.

const applicationName = 'rundesk-demo'
/** So many of the newest runs are looked at for another application's. */
const lookedAt = 200
/** How long between two orders that come in, in ms. */
const orderEveryMs = 7_000

const { url, life, crashes } = z
  .object({ url: z.string(), life: z.number().int(), crashes: z.boolean() })
  .parse(workerData)
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Throws when the database holds runs of anybody else: a demo must not be mixed into them. */
async function refuseForeign(): Promise<void> {
  const client = await DBOSClient.create({ systemDatabaseUrl: url, logger: silent })
  try {
    const known = await client
      .listWorkflows({ limit: lookedAt, sortDesc: true, loadInput: false, loadOutput: false })
      .catch(() => []) // No database, or no tables yet: the launch makes them.
    const other = known.find((run) => run.applicationName !== applicationName)
    if (other)
      throw new Error(
        `The database holds runs of another application (${other.applicationName ?? other.workflowName}). Name a database of its own for the demo.`,
      )
  } finally {
    await client.destroy()
  }
}

/** Runs that every start adds: one of each kind of end. */
async function seed(): Promise<void> {
  const start = <Args extends unknown[]>(
    workflow: (...args: Args) => Promise<unknown>,
    id: string,
    ...args: Args
  ): Promise<unknown> => DBOS.startWorkflow(workflow, { workflowID: `${id}-${Date.now().toString(36)}` })(...args)
  const mail = (to: string): Promise<unknown> =>
    DBOS.startWorkflow(demoWorkflows['send-mail'], { queueName: 'mail' })(to)
  await start(demoWorkflows['nightly-report'], 'report', new Date().toISOString().slice(0, 10))
  await start(demoWorkflows['sync-tickets'], 'sync', 'PAY')
  await start(demoWorkflows['refund-approval'], 'refund', { order: 10_007, amount: '18.50' })
  await start(demoWorkflows['settlement-batch'], 'settlement', [10_001, 10_002, 10_003])
  for (let index = 0; index < 6; index++) await mail(`customer-${index}@shop.example`)
  await DBOS.enqueueWorkflowWithOptions(
    { workflowName: 'send-mail', queueName: 'mail', appVersion: 'demo-2' },
    'waits-for-the-next-version@shop.example',
  )
}

async function takeOrders(): Promise<void> {
  for (let order = 10_010; ; order++) {
    await DBOS.startWorkflow(demoWorkflows['order-fulfilment'], {
      workflowID: `order-${order}-${Date.now().toString(36)}`,
    })(order)
    await wait(orderEveryMs)
  }
}

async function work(): Promise<void> {
  // Its database driver warns of its own ways at each launch.
  process.noDeprecation = true
  if (life === 0) await refuseForeign()
  // In a thread this ends the thread alone.
  setCrash(() => (crashes ? process.exit(9) : undefined))
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: url,
    applicationVersion: 'demo-1',
    executorID: 'demo-worker',
    logger: silent,
  })
  await DBOS.launch()
  await DBOS.registerQueue('mail', { workerConcurrency: 1 })
  if (life === 0 && crashes)
    await DBOS.startWorkflow(demoWorkflows['import-invoices'], {
      workflowID: `invoices-${Date.now().toString(36)}`,
    })('invoices-2026.csv')
  parentPort?.on('message', async () => {
    await DBOS.shutdown()
    process.exit(0)
  })
  parentPort?.postMessage('ready')
  if (!crashes) {
    await seed()
    await takeOrders()
  }
}

void work()
