import { Menu, Tray } from 'electron'
import type { Output } from '../../shared/contract'
import type { WindowPlace } from '../../shared/notices'
import type { Outcome } from '../../shared/outcome'
import type { App } from '../api/app'
import { trayIcon } from './trayIcon'
import { type TrayCounts, type TrayItem, trayItems, trayTip } from './trayWords'

const edge = process.platform === 'win32' ? 16 : 22
const pauseMs = 3_600_000
/** The counts are asked for at most so often, in ms. */
const restMs = 2_000

/** What the tray asks for. */
export interface TrayActs {
  readonly open: () => void
  readonly go: (place: WindowPlace) => void
  readonly quit: () => void
}

/** Shows the icon with live counts and quick actions while the settings want it. Gives what takes it away. */
export function showTray(app: App, acts: TrayActs): () => void {
  let tray: Tray | undefined
  let shown = ''
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const act = (item: Exclude<TrayItem, { kind: 'line' }>): void => {
    if (item.kind === 'place') acts.go(item.place)
    else if (item.act === 'open') acts.open()
    else if (item.act === 'quit') acts.quit()
    else {
      const until = item.act === 'pause' ? new Date(Date.now() + pauseMs).toISOString() : null
      void app.request('settings:set', { notifyPausedUntil: until }, 'window')
    }
  }
  const draw = (counts: TrayCounts): void => {
    const items = trayItems(counts)
    const state = JSON.stringify([items, trayTip(counts)])
    if (!tray || state === shown) return
    shown = state
    tray.setImage(trayIcon({ edge, dot: counts.needsYou + counts.undelivered > 0 }))
    tray.setToolTip(trayTip(counts))
    const entries = items.map((item) =>
      item.kind === 'line' ? { type: 'separator' as const } : { label: item.label, click: () => act(item) },
    )
    tray.setContextMenu(Menu.buildFromTemplate(entries))
  }
  const look = async (): Promise<void> => {
    timer = undefined
    if (!app.settings().showTray) {
      tray?.destroy()
      tray = undefined
      shown = ''
      return
    }
    if (!tray) {
      tray = new Tray(trayIcon({ edge, dot: false }))
      tray.on('click', acts.open)
    }
    const counts = await countsOf(app)
    if (!closed) draw(counts)
  }
  const soon = (): void => {
    if (!closed) timer ??= setTimeout(() => void look(), restMs)
  }
  const stop = app.subscribe((event) => {
    if (['workspaces:changed', 'notices:changed', 'settings:changed'].includes(event)) soon()
  })
  void look()
  return () => {
    closed = true
    stop()
    clearTimeout(timer)
    tray?.destroy()
  }
}

async function countsOf(app: App): Promise<TrayCounts> {
  const list = (await app.request('workspaces:list', {}, 'window')) as Outcome<Output<'workspaces:list'>>
  const notices = (await app.request('notices:list', { unreadOnly: true, offset: 0, limit: 0 }, 'window')) as Outcome<
    Output<'notices:list'>
  >
  const sum = { running: 0, needsYou: 0, undelivered: 0 }
  for (const { counts, writebacks } of list.ok ? list.value.workspaces : []) {
    sum.running += counts.running
    sum.needsYou += counts.needsYou
    sum.undelivered += writebacks.undelivered
  }
  const untilMs = Date.parse(app.settings().notifyPausedUntil ?? '')
  return { ...sum, unread: notices.ok ? notices.value.unread : 0, pausedUntilMs: untilMs > Date.now() ? untilMs : null }
}
