import { useEffect, useRef } from 'react'
import type { Notice } from '../../shared/notices'
import { noticeWords } from '../../shared/rules/noticeWords'
import { actsTexts } from '../texts/en/acts'
import { useClient } from './client'
import { noticeRoute, placeRoute } from './noticeRoute'
import { navigate, type Route } from './route'
import { refuse, showToast } from './toasts'
import { useMirror } from './useMirror'

/** Lets notices pop up in the window, and leads where a notification of the desktop or the tray was clicked. */
export function useNotices(route: Route): void {
  const client = useClient()
  const now = useRef(route)
  now.current = route
  useEffect(() => {
    const open = (notice: Notice): void => {
      navigate(noticeRoute(notice))
      client.request('notices:markRead', { ids: [notice.id], read: true }).catch(refuse)
    }
    const stops = [
      client.on('notices:told', ({ notice }) => {
        if (document.hasFocus() && isShown(now.current, notice)) {
          client.request('notices:markRead', { ids: [notice.id], read: true }).catch(refuse)
          return
        }
        const { title, body } = noticeWords(notice)
        const tone = notice.outcome === 'completed' ? 'done' : 'refused'
        showToast({ tone, text: `${title}. ${body}`, action: { label: actsTexts.show, run: () => open(notice) } })
      }),
      client.on('notices:show', ({ notice }) => open(notice)),
      client.on('window:go', ({ place }) => navigate(placeRoute(place))),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client])
}

/** How many notices nobody has read. */
export function useUnread(): number {
  const { value } = useMirror(
    'unread notices',
    (client) => client.request('notices:list', { unreadOnly: true, offset: 0, limit: 0 }),
    ['notices:changed'],
  )
  return value?.unread ?? 0
}

/** Is what it tells of on the screen? */
function isShown(route: Route, { workspaceId, runId, kind }: Notice): boolean {
  if (kind === 'update') return route.screen === 'settings' && route.section === 'updates'
  if (kind !== 'run-ended' && kind !== 'new-failure') return false
  if (route.screen !== 'runs' || runId === null || route.runId !== runId) return false
  return route.workspaceId === null || route.workspaceId === workspaceId
}
