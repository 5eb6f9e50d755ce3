import { useState } from 'react'
import type { OperationPage, Versions } from '../../../shared/operations'
import type { WritebackItem } from '../../../shared/writebacks'
import { useEditRequest } from '../../state/useEditRequest'
import { useVersions } from '../../state/useVersions'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
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
    <Dialog title={writebackTexts.chooseAVersionOf(item.path ?? '')} whole onClose={onClose}>
      {failure && !value && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
      {!failure && !value && <p role="status">{writebackTexts.readingTheVersionsAndAsking}</p>}
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
      <p className={controls.secondary}>{writebackTexts.theLocalFileAndTheServers}</p>
      <div className={styles.columns}>
        <VersionColumn
          title={writebackTexts.localFile}
          note={
            localHash === null
              ? writebackTexts.missing
              : conflictCopy !== null && local === conflictCopy
                ? writebackTexts.sameAsYourSaved
                : writebackTexts.inTheMountNow
          }
          text={local}
          absent={localHash === null ? writebackTexts.thereIsNoLocal : writebackTexts.itIsNoText}
          against={server}
          fileName={fileName}
          act={writebackTexts.sendTheLocalFile(onto)}
          refusal={localHash === null ? writebackTexts.thereIsNoLocalFile : null}
          busy={busy}
          onAct={() => take('local')}
          onEdit={local === null ? null : () => onEdit('local')}
        />
        <VersionColumn
          title={writebackTexts.server}
          note={serverRevision ?? writebackTexts.noSuchFile}
          text={server}
          absent={serverTrouble ?? writebackTexts.theServerHasNoSuch}
          against={null}
          fileName={fileName}
          act={writebackTexts.takeTheServersVersion}
          refusal={serverRevision === null ? (serverTrouble ?? writebackTexts.theServerHasNoSuchFile) : null}
          busy={busy}
          onAct={() => take('server')}
          onEdit={server === null ? null : () => onEdit('server')}
        />
        {item.conflictCopies.length > 0 && (
          <VersionColumn
            title={writebackTexts.yourSavedCopy}
            note={writebackTexts.whatYouWrotePut}
            text={conflictCopy}
            absent={writebackTexts.itIsGoneOrNoText}
            against={server}
            fileName={fileName}
            act={writebackTexts.sendYourSavedCopy(onto)}
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
          {writebackTexts.askTheServerAgain}
        </button>
        <button type="button" className={controls.button} onClick={onClose}>
          {writebackTexts.keepAsItIs}
        </button>
      </div>
    </div>
  )
}
