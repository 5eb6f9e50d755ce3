import { basename } from 'node:path'
import { createRelaySource, type RelayHandlers } from './relaySource'
import type { NamedSource } from './runSources'
import type { Session } from './session'

/** Gives the open workspaces as sources, each one the same as long as it is open. */
export function createLocalSources(
  handlers: RelayHandlers,
  onChange: (sourceId: string) => void,
): (sessions: readonly Session[]) => readonly NamedSource[] {
  const known = new WeakMap<Session, NamedSource>()
  return (sessions) =>
    sessions.map((session) => {
      const found = known.get(session)
      if (found) return found
      const { id, path } = session.folder
      const made = { id, name: basename(path), source: createRelaySource(session, handlers), saved: null }
      made.source.onChange(() => onChange(id))
      known.set(session, made)
      return made
    })
}
