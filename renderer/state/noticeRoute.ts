import type { Notice, WindowPlace } from '../../shared/notices'
import type { Route } from './route'

/** Where what a notice tells of is seen: the run, or the list of several of them. */
export function noticeRoute({ kind, workspaceId, runId, count, subject, outcome }: Notice): Route {
  switch (kind) {
    case 'writebacks':
      return { screen: 'writebacks', workspaceId }
    case 'unsaved':
      return { screen: 'problems', workspaceId }
    case 'new-failure':
      return { screen: 'runs', workspaceId, filter: 'all', search: '', runId }
    case 'run-ended': {
      if (count === 1) return { screen: 'runs', workspaceId, filter: 'all', search: '', runId }
      const filter = outcome === 'failed' || outcome === 'orphaned' ? outcome : 'all'
      return { screen: 'runs', workspaceId, filter, search: subject ?? '', runId: null }
    }
  }
}

/** Where a quick action of the tray leads. */
export function placeRoute(place: WindowPlace): Route {
  switch (place) {
    case 'running':
    case 'needs-you':
      return { screen: 'runs', workspaceId: null, filter: place, search: '', runId: null }
    case 'undelivered':
      return { screen: 'writebacks', workspaceId: null }
    case 'notices':
      return { screen: 'notices', workspaceId: null }
    case 'notification-settings':
      return { screen: 'settings', workspaceId: null, section: 'notifications' }
  }
}
