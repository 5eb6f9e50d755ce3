import type { BrowserWindow, Rectangle } from 'electron'
import { RundeskError } from '../../shared/outcome'
import type { Layout } from '../../shared/places'
import type { Onlooker } from '../files/onlooker'
import { appUrl } from './appProtocol'
import { openLayoutFile, type WindowLayout, type WindowPlace, withWindows } from './layoutFile'
import { openWindow } from './mainWindow'
import { recoverWindow } from './recoverWindow'
import { beside, displaysNow, onDisplay } from './windowBounds'

/** The windows of this process: each with a place of its own, all remembered. */
export interface AppWindows {
  readonly all: () => readonly BrowserWindow[]
  /** The one in front, or the one that was last. */
  readonly front: () => BrowserWindow | undefined
  /** Opens another one at a place, or where nothing was asked for. Throws `refused` when there are too many. */
  readonly open: (hash: string | null) => Promise<void>
  /**
   * Opens the window that was in front the last time, where it was, before it is known whether that place is still there.
   * Resolves when its page has what it needs to begin, or after a second.
   */
  readonly openFirst: () => Promise<void>
  /**
   * Resolves when that window is where it belongs: at `hash`, else where it was, else where nothing was asked for. The
   * other windows of the last time follow behind it.
   */
  readonly restore: (hash: string | null, isKnown: (place: string) => boolean) => Promise<void>
  /** What a window tells of how it is divided. */
  readonly remember: (layout: Layout) => void
  /** What is to be told once: the file of the layout was damaged, a window crashed. */
  readonly takeNotices: () => readonly string[]
  /** Whether one of them is to be seen. */
  readonly onlooker: Onlooker
  /** Writes what is to be remembered, and forgets nothing that closes from now on. */
  readonly keep: () => Promise<void>
}

const writeAfterMs = 400
const mostBeginMs = 1_000
/** More than a person can look at; a page that asks without end gets no more. */
const mostWindows = 20

/** Makes the windows, none of which is open yet. */
export async function createAppWindows({
  dataDir,
  preload,
  mayClose,
}: {
  readonly dataDir: string
  readonly preload: string
  /** Is asked, with the event, before a window closes. */
  readonly mayClose: (window: BrowserWindow, event: { readonly preventDefault: () => void }) => void
}): Promise<AppWindows> {
  const file = await openLayoutFile(dataDir)
  let { layout } = file
  let notices: readonly string[] = file.notice === null ? [] : [file.notice]
  let order: readonly BrowserWindow[] = []
  let timer: NodeJS.Timeout | undefined
  let ending = false
  const comeListeners = new Set<() => void>()

  const current = (): WindowLayout => {
    const places = order.filter((window) => !window.isDestroyed()).map((window) => placeOf(window))
    return places.length === 0 ? layout : withWindows(layout, displaysNow(), places)
  }
  const placeOf = (window: BrowserWindow): WindowPlace => {
    const { x, y, width, height } = window.getNormalBounds()
    return {
      x,
      y,
      width,
      height,
      maximized: window.isMaximized(),
      place: new URL(window.webContents.getURL() || appUrl).hash.slice(0, 8192),
    }
  }
  const keep = async (): Promise<void> => {
    clearTimeout(timer)
    layout = current()
    await file.write(layout)
  }
  const changed = (): void => {
    if (ending) return
    clearTimeout(timer)
    timer = setTimeout(() => void keep(), writeAfterMs)
  }
  const add = (
    bounds: Partial<Rectangle>,
    { maximized, behind = false }: { readonly maximized: boolean; readonly behind?: boolean },
  ): BrowserWindow => {
    const window = openWindow({ bounds, maximized, behind, preload })
    order = behind ? [...order, window] : [window, ...order]
    recoverWindow(window, (message) => {
      notices = [...notices, message]
    })
    window.on('focus', () => {
      order = [window, ...order.filter((other) => other !== window)]
    })
    for (const event of ['move', 'resize', 'maximize', 'unmaximize'] as const) window.on(event as 'move', changed)
    window.webContents.on('did-navigate-in-page', changed)
    for (const event of ['show', 'restore'] as const)
      window.on(event as 'show', () => {
        for (const listener of comeListeners) listener()
      })
    window.on('close', (event) => mayClose(window, event))
    window.on('closed', () => {
      order = order.filter((other) => other !== window)
      if (order.length > 0) changed()
    })
    return window
  }
  const load = (window: BrowserWindow, hash: string | null): Promise<void> =>
    window.loadURL(`${appUrl}${addressOf(hash, layout.splits)}`)
  const remembered = (): readonly WindowPlace[] =>
    (layout.screens.find(({ displays }) => displays === displaysNow()) ?? layout.screens[0])?.windows ?? []
  const [wasFirst, ...wereOthers] = remembered()
  let first: { readonly window: BrowserWindow; readonly hash: string | null } | undefined

  return {
    all: () => order,
    front: () => order[0],
    open: async (hash) => {
      if (order.length >= mostWindows)
        throw new RundeskError('refused', `${mostWindows} windows are open. Close one before you open another.`)
      await load(add(beside(order[0]), { maximized: false }), hash)
    },
    openFirst: async () => {
      const window = add(wasFirst ? onDisplay(wasFirst) : {}, { maximized: wasFirst?.maximized ?? false })
      first = { window, hash: wasFirst?.place || null }
      await new Promise<void>((begun) => {
        window.webContents.once('dom-ready', () => begun())
        setTimeout(begun, mostBeginMs)
        // It goes elsewhere, or was closed.
        void load(window, wasFirst?.place || null).catch(() => begun())
      })
    },
    restore: async (hash, isKnown) => {
      const knownOf = ({ place }: WindowPlace): string | null => (isKnown(place) ? place : null)
      const wanted = hash ?? (wasFirst ? knownOf(wasFirst) : null)
      if (first && !first.window.isDestroyed() && wanted !== first.hash) await load(first.window, wanted)
      for (const other of wereOthers) {
        const window = add(onDisplay(other), { maximized: other.maximized, behind: true })
        void load(window, knownOf(other)).catch(() => undefined)
      }
    },
    remember: ({ splits }) => {
      layout = { ...layout, splits: { ...layout.splits, ...splits } }
      changed()
    },
    takeNotices: () => {
      const told = notices
      notices = []
      return told
    },
    onlooker: {
      isThere: () => order.some((window) => !window.isDestroyed() && window.isVisible() && !window.isMinimized()),
      onCome: (listener) => {
        comeListeners.add(listener)
        return () => comeListeners.delete(listener)
      },
    },
    keep: async () => {
      ending = true
      await keep()
    },
  }
}

function addressOf(hash: string | null, splits: Layout['splits']): string {
  const query = Object.keys(splits).length === 0 ? '' : `?${new URLSearchParams({ splits: JSON.stringify(splits) })}`
  return `${query}${hash ?? ''}`
}
