import { useState } from 'react'
import type { Source } from '../../../shared/sources'
import { useClient } from '../../state/client'
import { navigate } from '../../state/route'
import { refuse } from '../../state/toasts'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { sourceStateWord } from '../../texts/sourceWords'
import { clock, fullTime } from '../../texts/times'
import { ActsMenu } from '../ActsMenu'
import { ConfirmDialog } from '../ConfirmDialog'
import { StatusMark } from '../StatusMark'
import styles from './SourceBar.module.css'
import { SourceDialog } from './SourceDialog'

/** What a remote source is, how its connection is, and what can be done about that. */
export function SourceBar({
  source,
  readAt,
}: {
  readonly source: Source
  /** When what is shown was read; null when nothing is. */
  readonly readAt: string | null
}) {
  const client = useClient()
  const [dialog, setDialog] = useState<'change' | 'remove' | null>(null)
  const { id, name, where, state, access } = source
  return (
    <>
      <div className={`${controls.bar} ${styles.title}`}>
        <h1 className={controls.ellipsis} title={name}>
          {name}
        </h1>
        <span className={`${styles.tag} ${styles.remote}`} title={sourcesTexts.remoteTitle(where)}>
          {sourcesTexts.remote}
        </span>
        <span className={styles.tag} title={access === 'read' ? sourcesTexts.readOnlyTitle : sourcesTexts.mayActTitle}>
          {access === 'read' ? sourcesTexts.readOnly : sourcesTexts.mayAct}
        </span>
        <StatusMark status={sourceStateWord(state)} />
        <span className={`${styles.where} ${controls.ellipsis} mono`} title={where}>
          {where}
        </span>
        <span className={controls.spread} />
        <CheckButton source={source} />
        <ActsMenu
          label={sourcesTexts.moreForSource(name)}
          acts={[
            { label: sourcesTexts.changeTheSource, refusal: null, onAct: () => setDialog('change') },
            { label: sourcesTexts.removeTheSource, refusal: null, onAct: () => setDialog('remove') },
          ]}
        />
      </div>
      {state.kind === 'trouble' && (
        <div className={`${controls.banner} ${styles.trouble}`} role="alert">
          <p>
            {state.message} <span title={fullTime(state.since)}>{sourcesTexts.since(clock(state.since))}</span>{' '}
            {state.retryAt === null ? sourcesTexts.notTriedByItself : sourcesTexts.nextTryAt(clock(state.retryAt))}{' '}
            {readAt !== null && sourcesTexts.whatIsShownIsOld(clock(readAt))}
          </p>
        </div>
      )}
      {dialog === 'change' && <SourceDialog source={source} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && (
        <ConfirmDialog
          title={sourcesTexts.removeSource(name)}
          text={sourcesTexts.nothingThereChanges}
          act={sourcesTexts.remove}
          onClose={() => setDialog(null)}
          onConfirm={async () => {
            await client.request('sources:remove', { sourceId: id })
            navigate({ screen: 'overview', workspaceId: null })
          }}
        />
      )}
    </>
  )
}

/** Connects again, now. */
function CheckButton({ source }: { readonly source: Source }) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const check = (): void => {
    if (busy) return
    setBusy(true)
    client
      .request('sources:check', { sourceId: source.id })
      .catch(refuse)
      .finally(() => setBusy(false))
  }
  return (
    <button
      type="button"
      className={controls.button}
      aria-disabled={busy}
      title={busy ? sourcesTexts.checking : undefined}
      onClick={check}
    >
      {sourcesTexts.checkAgain}
    </button>
  )
}
