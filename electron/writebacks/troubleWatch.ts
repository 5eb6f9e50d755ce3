import type { WritebackItem, WritebackState } from '../../shared/writebacks'

/** Writebacks of one workspace that began to need a person since the last time. */
export interface Trouble {
  readonly workspaceId: string
  readonly count: number
  /** One of them. */
  readonly path: string | null
  readonly message: string | null
}

/** Notices which writebacks begin to need a person. */
export interface TroubleWatch {
  /** Looks at all items of a mount. What it has when it is looked at first is known, and not told. */
  readonly look: (mount: string, items: readonly { readonly item: WritebackItem }[]) => void
  readonly close: () => void
}

/** They go nowhere by themselves. */
const troubled: ReadonlySet<WritebackState> = new Set(['stuck', 'conflict', 'rejected', 'unknown', 'unreadable'])
/** What comes within this time is told together, in ms. */
const gatherMs = 2_000

/** Tells of trouble once it has been gathered; what is no trouble any more by then, or of an ignored cause, is left out. */
export function createTroubleWatch({
  isIgnored,
  onTrouble,
}: {
  readonly isIgnored: (groupKey: string) => boolean
  readonly onTrouble: (trouble: Trouble) => void
}): TroubleWatch {
  const known = new Map<string, ReadonlySet<string>>()
  const fresh = new Map<string, WritebackItem>()
  let timer: NodeJS.Timeout | undefined

  const tell = (): void => {
    timer = undefined
    const troubles = new Map<string, Trouble>()
    for (const { workspaceId, groupKey, path, message } of fresh.values()) {
      if (isIgnored(groupKey)) continue
      const known = troubles.get(workspaceId)
      troubles.set(workspaceId, known ? { ...known, count: known.count + 1 } : { workspaceId, count: 1, path, message })
    }
    fresh.clear()
    for (const trouble of troubles.values()) onTrouble(trouble)
  }
  return {
    look: (mount, items) => {
      const before = known.get(mount)
      const now = new Set<string>()
      for (const { item } of items) {
        if (!troubled.has(item.state)) continue
        now.add(item.key)
        if (before && !before.has(item.key)) fresh.set(item.key, item)
      }
      for (const key of before ?? []) if (!now.has(key)) fresh.delete(key)
      known.set(mount, now)
      if (fresh.size > 0) timer ??= setTimeout(tell, gatherMs)
    },
    close: () => clearTimeout(timer),
  }
}
