import { DBOS } from '@dbos-inc/dbos-sdk'
import { fail, step } from './demoSteps'

/** How often a run may be begun again before the engine gives it up. */
const mostRecoveries = 1

/** Ends the thread that runs it, as a crash ends a worker. */
let crash: () => void = () => undefined
export function setCrash(next: () => void): void {
  crash = next
}

const bodies = {
  async 'order-fulfilment'(order: number) {
    const items = await step('reserve stock', () => ({
      order,
      items: [{ sku: 'MUG-01', count: 2 }],
      warehouse: 'Lyon',
    }))
    await step('charge card', () => ({ amount: '42.00', currency: 'EUR', at: new Date() }), { ms: 600, tries: 3 })
    await DBOS.sleepms(2_000)
    const parcel = await step('book the parcel', () => ({ carrier: 'La Poste', label: `6A${order}0001` }))
    await step('tell the customer', () => 'mail sent', { ms: 150 })
    return { ...items, ...parcel }
  },
  async 'sync-tickets'(project: string) {
    await step('fetch changes', () => ({ project, changed: 14 }))
    await step('push to the tracker', () => fail('HTTP 422 from api.tracker.example: field "assignee" is unknown'), {
      tries: 3,
    })
  },
  async 'nightly-report'(day: string) {
    const rows: Record<string, number> = {}
    for (const region of ['north', 'east', 'south', 'west'])
      rows[region] = await step(`sum up ${region}`, () => Math.round(Math.random() * 10_000), { ms: 180 })
    return step('write the report', () => ({ day, rows }), { ms: 400 })
  },
  async 'refund-approval'(refund: { readonly order: number; readonly amount: string }) {
    await DBOS.setEvent('progress', 'waits for an approval')
    const answer = await DBOS.recv<string>('approval', 86_400)
    return step('refund', () => ({ ...refund, answer }))
  },
  async 'send-mail'(to: string) {
    return step('send', () => `250 queued for ${to}`, { ms: 1_500 })
  },
  async 'settlement-batch'(orders: readonly number[]) {
    const mails = []
    for (const order of orders) {
      const params = { workflowID: `${DBOS.workflowID}-mail-${order}` }
      mails.push(await DBOS.startWorkflow(demoWorkflows['send-mail'], params)(`customer-${order}@shop.example`))
    }
    for (const mail of mails) await mail.getResult()
    return { settled: orders.length }
  },
  async 'import-invoices'(file: string) {
    await step('open the file', () => ({ file, bytes: 734_003_200 }))
    await step('read it into memory', () => crash(), { ms: 100 })
    return step('store the invoices', () => 'done')
  },
}

/** The workflows of the demo, known to DBOS under their names. */
export const demoWorkflows = {
  'order-fulfilment': DBOS.registerWorkflow(bodies['order-fulfilment'], { name: 'order-fulfilment' }),
  'sync-tickets': DBOS.registerWorkflow(bodies['sync-tickets'], { name: 'sync-tickets' }),
  'nightly-report': DBOS.registerWorkflow(bodies['nightly-report'], { name: 'nightly-report' }),
  'refund-approval': DBOS.registerWorkflow(bodies['refund-approval'], { name: 'refund-approval' }),
  'send-mail': DBOS.registerWorkflow(bodies['send-mail'], { name: 'send-mail' }),
  'settlement-batch': DBOS.registerWorkflow(bodies['settlement-batch'], { name: 'settlement-batch' }),
  'import-invoices': DBOS.registerWorkflow(bodies['import-invoices'], {
    name: 'import-invoices',
    maxRecoveryAttempts: mostRecoveries,
  }),
}
