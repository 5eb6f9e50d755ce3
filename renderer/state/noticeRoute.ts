import type { Notice, WindowPlace } from '../../shared/notices'
import type { Route } from './route'

/** Where what a notice tells of is seen: the run, or the list of several of them. */
export function noticeRoute({ kind, workspaceId, runId, count, subject, outcome, cause }: Notice): Route {
  const runs = { screen: 'runs', workspaceId, filter: 'all', search: '', runId } as const
  switch (kind) {
    case 'writebacks':
      return { screen: 'writebacks', workspaceId }
    case 'unsaved':
      return { screen: 'problems', workspaceId }
    case 'update':
      return { screen: 'settings', workspaceId: null, section: 'updates' }
    case 'new-failure':
      return cause === null ? runs : { ...runs, where: { cause } }
    case 'run-ended': {
      if (count === 1) return runs
      const workflows = subject === null ? {} : { workflows: [subject] }
      if (outcome === 'orphaned') return { ...runs, runId: null, filter: 'orphaned', where: workflows }
      return { ...runs, runId: null, where: { ...workflows, ...(outcome === null ? {} : { statuses: [outcome] }) } }
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
    case 'updates':
      return { screen: 'settings', workspaceId: null, section: 'updates' }
    case 'diagnostics':
      return { screen: 'diagnostics', workspaceId: null }
    case 'notification-settings':
      return { screen: 'settings', workspaceId: null, section: 'notifications' }
  }
}
