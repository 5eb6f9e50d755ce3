import { RundeskError } from '../../shared/outcome'
import type { Settings } from '../../shared/settings'
import type { UpdateState } from '../../shared/updates'
import type { OpenLog } from '../diagnostics/log'
import type { UpdateSource } from './updateSource'

/** What becomes of newer versions, as a person wants it. */
export interface Updates {
  readonly get: () => Promise<UpdateState>
  /** Asks the server now. Throws `not_supported` where that never happens; a failure is told in the state. */
  readonly check: () => Promise<UpdateState>
  /** Downloads what was found. A failure is told in the state. */
  readonly download: () => Promise<UpdateState>
  /** Ends Rundesk, installs what was downloaded and starts it. Throws `refused` while a run is going. */
  readonly install: () => Promise<UpdateState>
  /**
   * Called when Rundesk is about to end: gives what is to be done after everything is closed, or null. `restart` is for
   * an end that `install` asked for, which is off when it gives null; any other end installs in the automatic mode only,
   * and not while another program's run is going.
   */
  readonly atEnd: (options: { readonly restart: boolean }) => Promise<(() => Promise<void>) | null>
  readonly close: () => void
}

/** What the updates learn from and tell to the app around them. */
export interface UpdatesWorld {
  readonly version: string
  /** Where updates come from, or why there are none. */
  readonly source: UpdateSource | { readonly unavailable: string }
  readonly choice: () => Settings['updates']
  /** How many runs are going, and how many of them this process executes. */
  readonly going: () => Promise<{ readonly all: number; readonly own: number }>
  /** Something to know: a newer version is there, or ready. */
  readonly tell: (happening: { readonly version: string; readonly ready: boolean; readonly how: string | null }) => void
  readonly onChange: () => void
  /** Ends Rundesk, which then asks `atEnd`. */
  readonly end: () => void
  readonly log: Pick<OpenLog, 'info' | 'warn' | 'bug' | 'settled'>
  /** When the server is first asked by itself, and then again, in ms. */
  readonly firstMs?: number
  readonly againMs?: number
}

const nothing = { phase: 'unknown', newVersion: null, percent: null, checkedAt: null, trouble: null } as const
type Kept = Pick<UpdateState, keyof typeof nothing>

/** Looks for newer versions now and then, as the settings of the moment have it. */
export function createUpdates(world: UpdatesWorld): Updates {
  const { version, source, log, firstMs = 60_000, againMs = 6 * 3_600_000 } = world
  const works = 'find' in source ? source : null
  let kept: Kept = nothing
  let working: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  const told = new Set<string>()

  const change = (next: Partial<Kept>): void => {
    kept = { ...kept, ...next }
    world.onChange()
  }
  const tell = (found: string, ready: boolean): void => {
    const once = `${found} ${ready}`
    if (told.has(once)) return
    told.add(once)
    world.tell({ version: found, ready, how: works?.byHand ?? null })
  }
  const troubleOf = (error: unknown, part: string): string => {
    if (!(error instanceof RundeskError)) log.bug('updates', error)
    const trouble =
      error instanceof RundeskError ? error.message : 'It failed in a way that nobody expected; the log tells more.'
    log.warn('updates', `${part}: ${trouble}`)
    return trouble
  }
  const find = async (from: UpdateSource): Promise<void> => {
    const before = kept
    change({ phase: 'checking', trouble: null })
    try {
      const found = await from.find()
      log.info('updates', 'checked', { version, found: found?.version ?? null })
      const same = found !== null && before.phase === 'ready' && before.newVersion === found.version
      change({
        phase: same ? 'ready' : found ? 'available' : 'current',
        newVersion: found?.version ?? null,
        percent: null,
        checkedAt: new Date().toISOString(),
      })
      if (found && !same) tell(found.version, false)
    } catch (error) {
      change({ ...before, trouble: troubleOf(error, 'check') })
    }
  }
  const fetch = async (from: UpdateSource): Promise<void> => {
    const { newVersion } = kept
    if (kept.phase !== 'available' || newVersion === null || from.byHand !== null) return
    change({ phase: 'downloading', percent: 0, trouble: null })
    try {
      await from.download((percent) => change({ percent: Math.floor(percent) }))
      log.info('updates', 'downloaded', { newVersion })
      change({ phase: 'ready', percent: null })
      tell(newVersion, true)
    } catch (error) {
      change({ phase: 'available', percent: null, trouble: troubleOf(error, 'download') })
    }
  }
  const refuseWhileRunning = async (): Promise<void> => {
    const { all } = await world.going()
    if (all > 0) throw new RundeskError('refused', waitWords(all))
  }
  /** One thing at a time; who comes while something is done waits for that. */
  const once = async (work: () => Promise<void>): Promise<void> => {
    working ??= work().finally(() => {
      working = null
    })
    await working
  }
  const required = (): UpdateSource => {
    if (!works) throw new RundeskError('not_supported', 'unavailable' in source ? source.unavailable : '')
    if (world.choice() === 'off')
      throw new RundeskError(
        'not_supported',
        'Updates are off in the settings, so no server is asked. Turn them on there.',
      )
    return works
  }
  const look = async (): Promise<void> => {
    const choice = world.choice()
    if (works && choice !== 'off' && kept.phase !== 'ready') await once(() => find(works))
    if (works && world.choice() === 'automatic') await once(() => fetch(works))
    timer = setTimeout(() => void look(), againMs).unref()
  }
  if (works) timer = setTimeout(() => void look(), firstMs).unref()

  const get = async (): Promise<UpdateState> => {
    const { all } = kept.phase === 'ready' ? await world.going() : { all: 0 }
    return {
      ...kept,
      version,
      unavailable: 'unavailable' in source ? source.unavailable : null,
      byHand: works?.byHand ?? null,
      waitsFor: all === 0 ? null : waitWords(all),
    }
  }
  return {
    get,
    check: async () => {
      const from = required()
      await once(() => find(from))
      if (world.choice() === 'automatic') await once(() => fetch(from))
      return get()
    },
    download: async () => {
      const from = required()
      await once(() => fetch(from))
      return get()
    },
    install: async () => {
      const from = required()
      if (kept.phase !== 'ready') throw new RundeskError('refused', 'No update is ready. Check for updates first.')
      await refuseWhileRunning()
      change({ phase: 'installing', trouble: null })
      try {
        await from.place()
      } catch (error) {
        change({ phase: 'available', trouble: troubleOf(error, 'install') })
        return get()
      }
      world.end()
      return get()
    },
    atEnd: async ({ restart }) => {
      if (!works || (kept.phase !== 'ready' && kept.phase !== 'installing')) return null
      // A run may have begun since the person asked.
      const { all, own } = await world.going()
      const wanted = restart ? all === 0 : world.choice() === 'automatic' && all === own
      if (!wanted) {
        log.info('updates', 'not installed at this end', { going: all })
        change({ phase: 'ready' })
        return null
      }
      const { newVersion } = kept
      return async () => {
        try {
          if (!restart) await works.place()
          works.finish({ restart })
          log.info('updates', 'installed', { newVersion })
        } catch (error) {
          troubleOf(error, 'install')
        }
        await log.settled()
      }
    },
    close: () => clearTimeout(timer),
  }
}

function waitWords(count: number): string {
  return count === 1
    ? 'The update waits: one run is still going. It can be installed when that has ended.'
    : `The update waits: ${count} runs are still going. It can be installed when they have ended.`
}
