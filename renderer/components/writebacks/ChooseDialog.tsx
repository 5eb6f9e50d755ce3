import { useState } from 'react'
import type { OperationPage, Versions } from '../../../shared/operations'
import type { WritebackItem } from '../../../shared/writebacks'
import { useEditRequest } from '../../state/useEditRequest'
import { useVersions } from '../../state/useVersions'
import controls from '../../styles/controls.module.css'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import styles from './ChooseDialog.module.css'
import { ReasonField, toReason } from './ReasonField'
import { VersionColumn } from './VersionColumn'

type Take = 'local' | 'server' | 'conflict-copy'

/** Shows the versions of a file side by side, and lets a person decide which one counts. Nothing is overwritten by itself. */
export function ChooseDialog({
  item,
  onBegun,
  onEdit,
  onClose,
}: {
  readonly item: WritebackItem
  readonly onBegun: (page: OperationPage) => void
  /** Goes on in the editor, beginning with a version. */
  readonly onEdit: (startWith: Take) => void
  readonly onClose: () => void
}) {
  const { value, failure, refresh } = useVersions(item)
  return (
    <Dialog title={`Choose a version of ${item.path ?? ''}`} whole onClose={onClose}>
      {failure && !value && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
      {!failure && !value && <p role="status">Reading the versions, and asking the server…</p>}
      {value && (
        <Choice
          item={item}
          versions={value}
          onBegun={onBegun}
          onEdit={onEdit}
          onClose={onClose}
          onAgain={() => void refresh()}
        />
      )}
    </Dialog>
  )
}

function Choice({
  item,
  versions,
  onBegun,
  onEdit,
  onClose,
  onAgain,
}: {
  readonly item: WritebackItem
  readonly versions: Versions
  readonly onBegun: (page: OperationPage) => void
  readonly onEdit: (startWith: Take) => void
  readonly onClose: () => void
  readonly onAgain: () => void
}) {
  const [reason, setReason] = useState('')
  const { busy, refusal, send } = useEditRequest((page) => {
    onBegun(page)
    onClose()
  })
  const { local, server, conflictCopy, localHash, serverRevision, serverTrouble } = versions
  const take = (version: Take): void =>
    send({ key: item.key, version: versions.version, take: version, serverRevision, reason: toReason(reason) })
  const fileName = item.path ?? ''
  const onto = serverRevision === null ? '' : ` onto ${serverRevision}`
  return (
    <div className={styles.body}>
      <p className={controls.secondary}>
        The local file and the server's version differ. What you choose becomes the local file, a copy of which is kept
        first. If the server has moved on by then, nothing is sent.
      </p>
      <div className={styles.columns}>
        <VersionColumn
          title="Local file"
          note={
            localHash === null
              ? 'missing'
              : conflictCopy !== null && local === conflictCopy
                ? 'same as your saved copy'
                : 'in the mount now'
          }
          text={local}
          absent={localHash === null ? 'There is no local file.' : 'It is no text, or larger than 1 MiB.'}
          against={server}
          fileName={fileName}
          act={`Send the local file${onto}`}
          refusal={localHash === null ? 'There is no local file to send.' : null}
          busy={busy}
          onAct={() => take('local')}
          onEdit={local === null ? null : () => onEdit('local')}
        />
        <VersionColumn
          title="Server"
          note={serverRevision ?? 'no such file'}
          text={server}
          absent={serverTrouble ?? 'The server has no such file, or it is no text, or larger than 1 MiB.'}
          against={null}
          fileName={fileName}
          act="Take the server's version"
          refusal={serverRevision === null ? (serverTrouble ?? 'The server has no such file.') : null}
          busy={busy}
          onAct={() => take('server')}
          onEdit={server === null ? null : () => onEdit('server')}
        />
        {item.conflictCopies.length > 0 && (
          <VersionColumn
            title="Your saved copy"
            note="what you wrote, put aside by the mount"
            text={conflictCopy}
            absent="It is gone, or no text, or larger than 1 MiB."
            against={server}
            fileName={fileName}
            act={`Send your saved copy${onto}`}
            refusal={null}
            busy={busy}
            onAct={() => take('conflict-copy')}
            onEdit={conflictCopy === null ? null : () => onEdit('conflict-copy')}
          />
        )}
      </div>
      <ReasonField value={reason} onChange={setReason} />
      <Refusal text={refusal} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} disabled={busy} onClick={onAgain}>
          Ask the server again
        </button>
        <button type="button" className={controls.button} onClick={onClose}>
          Keep as it is
        </button>
      </div>
    </div>
  )
}
