import type { Versions } from '../../../shared/operations'
import type { Mount, WritebackItem } from '../../../shared/writebacks'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
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
    local === null
      ? localHash === null
        ? writebackTexts.thereIsNoFile
        : writebackTexts.itIsReplaced
      : `${toSize(bytesOf(local))} now`
  return (
    <p className={controls.secondary}>
      {writebackTexts.savingWritesTo(toSize(bytesOf(text)))} <span className="mono">{item.path}</span>{' '}
      {writebackTexts.inTheMount(was)}
      {localHash !== null && writebackTexts.aCopyIsKept}). {senderWords(mount, serverRevision)}{' '}
      {serverTrouble !== null && writebackTexts.whatTheServerHasIsNotKnown(serverTrouble)}
      {server !== null && server === text && writebackTexts.thatIsWhatTheServer}
    </p>
  )
}

function senderWords(mount: Mount | undefined, revision: string | null): string {
  if (mount?.daemon.alive) return writebackTexts.theDaemonOfTheMount
  const onto = revision === null ? writebackTexts.asANewFile : writebackTexts.ontoIfTheServer(revision)
  if (mount?.credentials.present && !mount.credentials.expired) return writebackTexts.rundeskThenSendsIt(onto)
  return writebackTexts.nothingSendsItUntilTheMount
}
