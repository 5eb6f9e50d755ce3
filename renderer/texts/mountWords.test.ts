import { expect, test } from 'vitest'
import type { Mount } from '../../shared/writebacks'
import { folderName, mountTroubles } from './mountWords'

const nowMs = Date.parse('2026-03-01T12:00:00Z')
const fine: Mount = {
  workspaceId: 'w',
  relayWorkspaceId: 'ws',
  localDir: '/mounts/tickets',
  remoteRoot: '/',
  daemon: { alive: true, pid: 7 },
  status: 'ready',
  name: 'tickets',
  registered: true,
  folderMissing: false,
  circuit: { open: false, nextRetryAt: null },
  lastSyncAt: '2026-03-01T11:59:00Z',
  lastError: null,
  stallReason: null,
  credentials: { present: true, kind: 'legacy', server: 'x', expiresAt: null, expired: false, scopes: [] },
  problems: [],
}

const shorts = (change: Partial<Mount>): readonly string[] =>
  mountTroubles({ ...fine, ...change }, nowMs).map(({ short }) => short)

test('a mount that is fine has no trouble', () => {
  expect(shorts({})).toEqual([])
})

test('a missing folder is told instead of its missing daemon', () => {
  expect(shorts({ folderMissing: true, daemon: { alive: false, pid: null } })).toEqual(['folder missing'])
})

test.each<[Partial<Mount>, string]>([
  [{ daemon: { alive: false, pid: null } }, 'no daemon running'],
  [{ daemon: { alive: false, pid: 4711 } }, 'daemon ended (process 4711)'],
  [{ stallReason: 'bootstrap' }, 'stalled'],
  [{ circuit: { open: true, nextRetryAt: null } }, 'writes paused'],
  [{ credentials: { ...fine.credentials, expired: true } }, 'credentials expired'],
  [{ credentials: { ...fine.credentials, present: false } }, 'no credentials'],
  [{ lastError: { kind: 'http', status: 503, message: 'busy', at: null } }, 'last cycle failed with HTTP 503'],
])('each trouble is told: %o', (change, short) => {
  expect(shorts(change)).toEqual([short])
})

test('a folder is called by its last part, whichever slashes it has', () => {
  expect(['/a/b/', 'C:\\a\\b', '/'].map(folderName)).toEqual(['b', 'b', '/'])
})
