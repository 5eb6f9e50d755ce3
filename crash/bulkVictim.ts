import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWritebackDesk, type WritebackDesk } from '../electron/writebacks/writebackDesk'
import type { Scenario } from './scenario'

const workspaceId = 'w'
/** A life says that it lives at least so often, in ms. */
const turnMs = 5_000
const pollMs = 50

/** One life of a process that wants every writeback of the folder's mount delivered: it begins, or goes on with what was begun. */
export const bulkVictim: Pick<Scenario, 'open'> = {
  open: async ({ dir }) => {
    const desk = createWritebackDesk({
      dataDir: join(dir, 'data'),
      home: join(dir, 'home'),
      operator: 'killed@here',
      onChanged: () => undefined,
      onOperationChanged: () => undefined,
    })
    await desk.setFolders([{ workspaceId, path: join(dir, 'mount') }])
    return () => goOn(desk)
  },
}

async function goOn(desk: WritebackDesk): Promise<void> {
  const untilMs = Date.now() + turnMs
  for (;;) {
    const operations = await desk.operations.all()
    const open = operations.find(({ state }) => state !== 'ended')
    if (!open && operations.length > 0) {
      await desk.close()
      process.exit(0)
    }
    if (!open) await begin(desk)
    else if (open.state === 'interrupted') await desk.operations.resume(open.id)
    if (Date.now() > untilMs) return
    await sleep(pollMs)
  }
}

async function begin(desk: WritebackDesk): Promise<void> {
  const items = await desk.select({ workspaceId: null })
  const { setId } = desk.acts.preview('retry', items)
  await desk.acts.retry({ setId, reason: 'after the outage', waitSeconds: 60 })
}
