import { useState } from 'react'
import type { OperationPage, Versions } from '../../../shared/operations'
import type { Mount, WritebackItem } from '../../../shared/writebacks'
import { isSubmitKey } from '../../state/keys'
import { shownKeyOf } from '../../state/shortcutKeys'
import { useEditRequest } from '../../state/useEditRequest'
import { useVersions } from '../../state/useVersions'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { CodeText } from '../code/CodeText'
import { checkJson } from '../code/checkJson'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import styles from './EditDialog.module.css'
import { EditEffect } from './EditEffect'
import { ReasonField, toReason } from './ReasonField'

type Start = 'local' | 'server' | 'conflict-copy'
const modes = ['Edit', 'Difference to the local file', 'Difference to the server'] as const
type Mode = (typeof modes)[number]

/** Edits the content of an item's local file, shows what that changes, and sends it. */
export function EditDialog({
  item,
  mount,
  startWith = 'local',
  onBegun,
  onClose,
}: {
  readonly item: WritebackItem
  /** The item's mount, as far as it is known. */
  readonly mount: Mount | undefined
  /** The version that the editor begins with. */
  readonly startWith?: Start
  readonly onBegun: (page: OperationPage) => void
  readonly onClose: () => void
}) {
  const { value, failure, refresh } = useVersions(item)
  const [dirty, setDirty] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const leave = (): boolean => {
    if (dirty) setLeaving(true)
    return !dirty
  }
  return (
    <Dialog title={writebackTexts.editAndRetry(item.path ?? '')} whole mayClose={leave} onClose={onClose}>
      {failure && !value && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
      {!failure && !value && <p role="status">{writebackTexts.readingTheFileAndAsking}</p>}
      {value && value.local === null && value.localHash !== null && startWith === 'local' && (
        <TooMuch onClose={onClose} />
      )}
      {value && (value.local !== null || value.localHash === null || startWith !== 'local') && (
        <Editing
          item={item}
          mount={mount}
          versions={value}
          startWith={startWith}
          onDirty={setDirty}
          onBegun={onBegun}
          onClose={onClose}
          onCancel={() => {
            if (leave()) onClose()
          }}
        />
      )}
      {leaving && (
        <div className={styles.leaving} role="alert">
          {writebackTexts.whatYouWroteIsNotSaved}{' '}
          <button type="button" className={controls.button} onClick={() => setLeaving(false)}>
            {writebackTexts.goOnWriting}
          </button>{' '}
          <button type="button" className={controls.button} onClick={onClose}>
            {writebackTexts.discardIt}
          </button>
        </div>
      )}
    </Dialog>
  )
}

function TooMuch({ onClose }: { readonly onClose: () => void }) {
  return (
    <>
      <p>{writebackTexts.theLocalFileIsNoText}</p>
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {writebackTexts.close}
        </button>
      </div>
    </>
  )
}

function Editing({
  item,
  mount,
  versions,
  startWith,
  onDirty,
  onBegun,
  onClose,
  onCancel,
}: {
  readonly item: WritebackItem
  readonly mount: Mount | undefined
  readonly versions: Versions
  readonly startWith: Start
  readonly onDirty: (dirty: boolean) => void
  readonly onBegun: (page: OperationPage) => void
  readonly onClose: () => void
  readonly onCancel: () => void
}) {
  const fileName = item.path ?? ''
  const [start] = useState(() => startText(versions, startWith))
  const [text, setText] = useState(start)
  const [mode, setMode] = useState<Mode>('Edit')
  /** Every reset begins with a new editor. */
  const [resets, setResets] = useState(0)
  const [reason, setReason] = useState('')
  const { busy, refusal, send } = useEditRequest((page) => {
    onBegun(page)
    onClose()
  })
  const fault = fileName.endsWith('.json') ? checkJson(text) : null
  const unchanged = text === versions.local
  const save = (): void => {
    if (busy || unchanged) return
    send({
      ...{ key: item.key, version: versions.version, content: text },
      serverRevision: versions.serverRevision,
      reason: toReason(reason),
    })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for all of the form
    <div
      className={styles.body}
      onKeyDown={(event) => {
        if (isSubmitKey(event)) save()
      }}
    >
      <div className={styles.modes}>
        {modes
          .filter((name) => name !== 'Difference to the server' || versions.server !== null)
          .map((name) => (
            <button
              key={name}
              type="button"
              className={controls.chip}
              aria-pressed={mode === name}
              onClick={() => setMode(name)}
            >
              {name}
            </button>
          ))}
        {text !== start && mode === 'Edit' && (
          <button
            type="button"
            className={controls.plain}
            onClick={() => {
              setText(start)
              onDirty(false)
              setResets(resets + 1)
            }}
          >
            {writebackTexts.resetChanges}
          </button>
        )}
        <span role="status" aria-label={writebackTexts.check} className={fault ? styles.fault : controls.secondary}>
          {fault
            ? writebackTexts.notValidJsonLine(fault.line, fault.column, fault.message)
            : fileName.endsWith('.json')
              ? writebackTexts.validJson
              : ''}
        </span>
      </div>
      <div className={styles.editor} hidden={mode !== 'Edit'}>
        <CodeText
          key={resets}
          text={text}
          label={writebackTexts.contentOfTheLocal}
          fileName={fileName}
          onChange={(next) => {
            setText(next)
            onDirty(next !== start)
          }}
        />
      </div>
      {mode !== 'Edit' && (
        <div className={styles.editor}>
          <CodeText
            text={text}
            label={mode}
            fileName={fileName}
            original={(mode === 'Difference to the server' ? versions.server : versions.local) ?? ''}
          />
        </div>
      )}
      <EditEffect item={item} mount={mount} versions={versions} text={text} />
      <ReasonField value={reason} onChange={setReason} />
      <Refusal text={refusal} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onCancel}>
          {writebackTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={busy || unchanged}
          title={unchanged ? writebackTexts.nothingWasChangedYet : writebackTexts.key(shownKeyOf('send'))}
          onClick={save}
        >
          {fault ? writebackTexts.saveAndRetryAlthough : writebackTexts.saveAndRetry}
        </button>
      </div>
    </div>
  )
}

function startText({ local, server, conflictCopy }: Versions, startWith: Start): string {
  const chosen = { local, server, 'conflict-copy': conflictCopy }[startWith]
  return chosen ?? conflictCopy ?? ''
}
