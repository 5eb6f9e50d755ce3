import { isLockHeld } from '../files/fileLock'
import { followSent } from './followSent'
import { createLedger } from './ledger'
import { createServerFinder, type MountContext, recentlyVerified, runLock } from './mountContext'
import { createMountStore, type ItemChange, type MountView, type SeenEvidence } from './mountStore'
import { endSettled } from './operationRun'
import { followed, settleWatched } from './settleOperation'
import { createSlots } from './slots'
import { tidyDelivered } from './tidyDelivered'

/** The desk of one mount: what is undelivered there, and what acts on it work with. */
export interface MountDesk {
  readonly localDir: string
  readonly workspaceId: string
  readonly view: () => MountView | undefined
  /** Looks at the mount again, cheaply when nothing changed. Gives true when the view changed. */
  readonly refresh: (options?: { readonly force: boolean }) => Promise<boolean>
  readonly context: MountContext
  readonly close: () => Promise<void>
}

/** While a bulk act changes the mount all the time, looking takes at most this share of the time. */
const busyShare = 0.05
const followers = 4

/** Opens the desk of one mount. Nothing is read before the first `refresh`; nothing is written before the first act. */
export function createMountDesk({
  localDir,
  workspaceId,
  home,
  dataDir,
  by,
  watched,
  readOnly,
  onSeen,
  onItemChange,
  isRunning,
  onOperationChanged,
}: {
  readonly localDir: string
  readonly workspaceId: string
  readonly home: string
  readonly dataDir: string
  readonly by: string
  /** Is the system asked to tell of changes? */
  readonly watched: boolean
  readonly onSeen: (evidence: SeenEvidence) => void
  readonly onItemChange: ((change: ItemChange) => void) | undefined
  /** Then nothing is written down, also not what became of earlier acts. */
  readonly readOnly: () => boolean
  /** Does this process run the operation? */
  readonly isRunning: (operationId: string) => boolean
  readonly onOperationChanged: (id: string) => void
}): MountDesk {
  const ledger = createLedger(localDir)
  const store = createMountStore({
    ...{ localDir, workspaceId, home, watched, onSeen, onItemChange },
    verified: () => recentlyVerified(ledger),
  })
  const closing = new AbortController()
  const slots = createSlots(followers)
  let lookedMs = 0
  let tookMs = 0
  let busy: Promise<boolean> = Promise.resolve(false)
  let following: Promise<void> | undefined

  const refresh: MountDesk['refresh'] = ({ force } = { force: false }) => {
    busy = busy
      .catch(() => false)
      .then(async () => {
        const isBusy = ledger.open().some(({ id }) => isRunning(id))
        if (!force && isBusy && Date.now() - lookedMs < tookMs / busyShare) return false
        const startMs = performance.now()
        await ledger.refresh().catch(() => undefined)
        const changed = await store.refresh({ sweep: force })
        lookedMs = Date.now()
        tookMs = performance.now() - startMs
        const view = store.view()
        if (!readOnly() && view) await settle(view)
        return changed
      })
    return busy
  }

  /** Follows what was sent by operations that nobody runs, also of another process or an earlier life. */
  const settle = async (seen: MountView): Promise<void> => {
    for (const operation of followed(ledger.operations(), Date.now())) {
      const { id } = operation
      if (isRunning(id) || (operation.endedAt === null && (await isLockHeld(runLock(localDir, id))))) continue
      await settleWatched(context, { operation, view: seen, hasRunner: false }).catch(() => undefined)
      await endSettled([{ context }], id).catch(() => undefined)
      if (operation.endedAt === null && operation.counts.sent > 0)
        following ??= followSent(context, { operation, slots, signal: closing.signal })
          .then(() => endSettled([{ context }], id))
          .catch(() => undefined)
          .finally(() => {
            following = undefined
          })
    }
    await tidyDelivered(context, seen, isRunning).catch(() => undefined)
  }

  const server = createServerFinder({
    localDir,
    home,
    stateWorkspaceId: () => store.view()?.scan.state?.workspaceId ?? null,
  })
  const context: MountContext = {
    localDir,
    dataDir,
    by,
    ledger,
    view: store.view,
    refresh,
    server: server.find,
    onOperationChanged,
  }

  return {
    localDir,
    workspaceId,
    view: store.view,
    refresh,
    context,
    close: async () => {
      closing.abort()
      await busy.catch(() => undefined)
      await following
      await ledger.close()
      server.close()
      store.close()
    },
  }
}
