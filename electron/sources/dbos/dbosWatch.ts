import type { Watched } from '../../../shared/sourceChannels'
import type { DbosSession } from './dbosSession'

/**
 * How often it is looked whether anything changed, in ms, with one statement each time: a list every two seconds, an open
 * run every second, every five when nothing changed for a while. Nothing is asked while nobody looks.
 */
export const lookEvery = { listMs: 2_000, runMs: 1_000, quietMs: 5_000, quietAfter: 15 } as const

/** Looks for changes of what somebody looks at. */
export interface DbosWatch {
  readonly set: (watched: readonly Watched[]) => void
  readonly close: () => void
}

/**
 * `onChange` is called when the answer of a look is another one than that of the look before, and after the first look: what
 * was read before it may have changed since.
 */
export function createDbosWatch(session: DbosSession, onChange: () => void): DbosWatch {
  let watched: readonly Watched[] = []
  let timer: NodeJS.Timeout | undefined
  let going: AbortController | null = null
  let lastSeen: string | null = null
  let quiet = 0

  function plan(): void {
    clearTimeout(timer)
    if (watched.length === 0 || going) return
    timer = setTimeout(() => void look(), waitMs())
    timer.unref()
  }

  function waitMs(): number {
    if (session.state().kind === 'trouble') {
      const retryAtMs = session.retryAtMs()
      // What only a person can mend is not tried again, but another use of the connection may have mended it.
      return retryAtMs === null ? lookEvery.quietMs : Math.max(retryAtMs - Date.now(), 0) + 10
    }
    if (lastSeen === null) return 0
    if (quiet >= lookEvery.quietAfter) return lookEvery.quietMs
    return watched.some(({ kind }) => kind === 'run') ? lookEvery.runMs : lookEvery.listMs
  }

  async function look(): Promise<void> {
    const own = new AbortController()
    going = own
    const runIds = watched.flatMap((one) => (one.kind === 'run' ? [one.runId] : []))
    try {
      const rows = await session.use((engine) => engine.ask('pulse', [runIds], own.signal), own.signal)
      const seen = JSON.stringify(rows)
      const isChanged = seen !== lastSeen
      quiet = isChanged ? 0 : quiet + 1
      lastSeen = seen
      if (isChanged) onChange()
    } catch {
      // The session has told its trouble, and what it will do about it.
    } finally {
      if (going === own) going = null
      plan()
    }
  }

  return {
    set: (now) => {
      if (JSON.stringify(now) === JSON.stringify(watched)) return
      watched = now
      quiet = 0
      lastSeen = null
      if (now.length === 0) going?.abort()
      plan()
    },
    close: () => {
      watched = []
      clearTimeout(timer)
      going?.abort()
    },
  }
}
