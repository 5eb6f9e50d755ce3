import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWritebackDesk } from './writebackDesk'

/**
 * A process that looks at a mount, says `ready`, waits for a word on its standard input, retries everything that it saw,
 * and prints how many items came to which outcome, and what was said of them: `MOUNT HOME DATA-DIR NAME`.
 */
const [mount = '', home = '', dataDir = '', name = ''] = process.argv.slice(2)
const desk = createWritebackDesk({
  ...{ home, dataDir, operator: name },
  onChanged: () => undefined,
  onOperationChanged: () => undefined,
})
await desk.setFolders([{ workspaceId: 'w', path: mount }])
const seen = await desk.select({ workspaceId: null })
const items = seen.map(({ item: { key, version } }) => ({ key, version }))
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
const begun = await desk.acts.retry({ items, reason: null, waitSeconds: 30 })
for (;;) {
  const page = await desk.operations.page({ operationId: begun.operation.id, offset: 0, limit: items.length })
  if (page.operation.state === 'ended') {
    const { id, counts, done } = page.operation
    const details = [...new Set(page.items.map(({ detail }) => detail.replace(/\(.*\)/, '()')))]
    process.stdout.write(JSON.stringify({ id, done, delivered: counts.delivered, changed: counts.changed, details }))
    break
  }
  await sleep(20)
}
await desk.close()
