import type { Versions } from '../../../shared/operations'
import type { Mount, WritebackItem } from '../../../shared/writebacks'
import controls from '../../styles/controls.module.css'
import { toSize } from '../../texts/words'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** What saving a text will change, spelled out. */
export function EditEffect({
  item,
  mount,
  versions,
  text,
}: {
  readonly item: WritebackItem
  readonly mount: Mount | undefined
  readonly versions: Versions
  readonly text: string
}) {
  const { local, localHash, server, serverRevision, serverTrouble } = versions
  const was =
    local === null ? (localHash === null ? 'there is no file now' : 'it is replaced') : `${toSize(bytesOf(local))} now`
  return (
    <p className={controls.secondary}>
      Saving writes {toSize(bytesOf(text))} to <span className="mono">{item.path}</span> in the mount ({was}
      {localHash !== null && '; a copy is kept first'}). {senderWords(mount, serverRevision)}{' '}
      {serverTrouble !== null && `What the server has is not known: ${serverTrouble}`}
      {server !== null && server === text && 'That is what the server has already.'}
    </p>
  )
}

function senderWords(mount: Mount | undefined, revision: string | null): string {
  if (mount?.daemon.alive) return 'The daemon of the mount then sends it.'
  const onto =
    revision === null ? 'as a new file' : `onto ${revision}; if the server has moved on by then, nothing is sent`
  if (mount?.credentials.present && !mount.credentials.expired) return `Rundesk then sends it ${onto}.`
  return 'Nothing sends it until the mount runs again: no daemon is alive, and there are no valid credentials.'
}
