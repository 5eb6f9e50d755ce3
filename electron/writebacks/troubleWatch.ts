import type { WritebackItem, WritebackState } from '../../shared/writebacks'

type Held = { readonly item: WritebackItem } | undefined

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
  /** Takes in an item that came, changed or went. What a mount has when it is looked at first is no change. */
  readonly changed: (change: { readonly before: Held; readonly after: Held }) => void
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
    changed: ({ before, after }) => {
      if (after && isTroubled(after)) {
        const { key } = after.item
        if (isTroubled(before) && !fresh.has(key)) return
        fresh.set(key, after.item)
        timer ??= setTimeout(tell, gatherMs)
      } else if (before) fresh.delete(before.item.key)
    },
    close: () => clearTimeout(timer),
  }
}

function isTroubled(held: Held): boolean {
  return held !== undefined && troubled.has(held.item.state)
}
