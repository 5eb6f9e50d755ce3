import type { Output } from '../../shared/contract'
import { parseLink, toLink } from '../../shared/links'
import { type Outcome, toFailure } from '../../shared/outcome'
import type { App } from '../api/app'
import type { AppWindows } from './appWindows'
import { tellWindow } from './bridge'
import type { OpenTargets } from './openTargets'

/** Brings windows to what somebody asks for outside of them: links, folders, files. */
export function createPlaces(app: App, windows: AppWindows) {
  /** The front window goes there, or says why not. */
  const show = ({ hash, message }: { readonly hash: string | null; readonly message: string | null }): void => {
    const window = windows.front()
    if (!window) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (hash !== null || message !== null) tellWindow(window, 'places:asked', { hash, message })
  }
  const resolve = async (target: string): Promise<{ hash: string | null; message: string | null }> => {
    const outcome = (await app.request('places:open', { target }, 'cli')) as Outcome<Output<'places:open'>>
    return outcome.ok ? { hash: outcome.value.hash, message: null } : { hash: null, message: outcome.error.message }
  }

  return {
    /** Opens another window where nothing was asked for; the front one says why not. */
    openWindow: async (): Promise<void> => {
      await windows.open(null).catch((error: unknown) => show({ hash: null, message: toFailure(error).message }))
    },
    /**
     * Brings the windows of the last time to what was asked for at the start, and follows what is asked for later. `tell`
     * hears, before a window does, why something could not be opened.
     */
    start: async (asked: OpenTargets, tell: (message: string) => void): Promise<void> => {
      let first: string | null = null
      const later = async (targets: readonly string[]): Promise<void> => {
        if (targets.length === 0) show({ hash: null, message: null })
        for (const target of targets) show(await resolve(target))
      }
      const queue: string[] = []
      let started = false
      asked.onAsked((targets) => {
        if (started) void later(targets)
        else queue.push(...targets)
      })
      for (const target of queue.splice(0)) {
        const { hash, message } = await resolve(target)
        first ??= hash
        if (message !== null) tell(message)
      }
      const ids = new Set(app.workspaceIds())
      await windows.restore(first, (place) => isKnown(place, ids))
      started = true
      if (queue.length > 0) await later(queue.splice(0))
    },
    /** Opens the system's dialog, and goes to what was chosen. */
    choose: async (channel: 'workspaces:choose' | 'places:choose'): Promise<void> => {
      const outcome = (await app.request(channel, {}, 'window')) as Outcome<
        Output<'workspaces:choose'> | Output<'places:choose'>
      >
      if (!outcome.ok) return show({ hash: null, message: outcome.error.message })
      const { value } = outcome
      if ('hash' in value) {
        if (value.hash !== null) show({ hash: value.hash, message: null })
      } else if (value.workspace) show({ hash: `#/w/${value.workspace.id}/runs`, message: null })
    },
  }
}

/** Is it a place of a workspace that is in the list, or of all? */
function isKnown(place: string, ids: ReadonlySet<string>): boolean {
  try {
    const [, id] = /^#\/w\/([^/]+)\//.exec(`${parseLink(toLink(place))}/`) ?? []
    return place !== '' && (id === undefined || id === 'all' || ids.has(id))
  } catch {
    return false
  }
}
