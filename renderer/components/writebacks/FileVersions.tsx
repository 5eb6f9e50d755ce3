import { useState } from 'react'
import type { Versions } from '../../../shared/operations'
import type { WritebackDetail, WritebackItem } from '../../../shared/writebacks'
import { useClient } from '../../state/client'
import type { DeskActs } from '../../state/useDeskActs'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { toSize } from '../../texts/words'
import { ActButton } from '../ActButton'
import { LazyCodeText } from '../code/LazyCodeText'
import styles from './FileVersions.module.css'

const views = ['Difference', 'Would be sent', 'Server has', 'Began with', 'Saved copy'] as const
type VersionView = (typeof views)[number]

/** What would be sent and what the server has. Both may hold secrets, so they are fetched only when they are asked for. */
export function FileVersions({
  item,
  detail,
  acts,
}: {
  readonly item: WritebackItem
  readonly detail: WritebackDetail | null
  readonly acts: DeskActs
}) {
  const client = useClient()
  const [versions, setVersions] = useState<Versions | null>(null)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [view, setView] = useState<VersionView>('Difference')
  const file = detail?.localFile ?? null
  const fetchThem = (): void => {
    setBusy(true)
    setRefusal(null)
    client
      .request('writebacks:compare', { key: item.key })
      .then(
        (found) => {
          setVersions(found)
          setView(found.local !== null && found.server !== null ? 'Difference' : 'Would be sent')
        },
        (error: Error) => setRefusal(error.message),
      )
      .finally(() => setBusy(false))
  }
  if (versions === null) {
    return (
      <div className={styles.before}>
        <p>
          {file?.exists
            ? writebackTexts.whatWouldBeSent(toSize(file.sizeBytes ?? 0))
            : writebackTexts.thereIsNoLocalFileSoThere}
        </p>
        <p className={controls.secondary}>{writebackTexts.contentsMayHoldSecrets}</p>
        {refusal !== null && (
          <p role="alert" className={controls.refusal}>
            {refusal}
          </p>
        )}
        <button type="button" className={controls.button} disabled={busy} onClick={fetchThem}>
          {busy ? writebackTexts.asking : writebackTexts.showContentsAndAsk}
        </button>
      </div>
    )
  }
  const shown = views.filter(
    (name) =>
      (name !== 'Began with' || versions.base !== null) && (name !== 'Saved copy' || versions.conflictCopy !== null),
  )
  return (
    <div className={styles.versions}>
      <div className={styles.bar}>
        {shown.map((name) => (
          <button
            key={name}
            type="button"
            className={controls.chip}
            aria-pressed={view === name}
            onClick={() => setView(name)}
          >
            {name}
          </button>
        ))}
        <span className={controls.secondary}>{serverWords(versions)}</span>
        <span className={controls.spread} />
        <button type="button" className={controls.button} disabled={busy} onClick={fetchThem}>
          {writebackTexts.askAgain}
        </button>
        {versions.server !== null && versions.local !== null && versions.server !== versions.local && (
          <ActButton refusal={null} onAct={() => acts.ask({ kind: 'choose', item })}>
            {writebackTexts.chooseAVersion}
          </ActButton>
        )}
      </div>
      {refusal !== null && (
        <p role="alert" className={controls.refusal}>
          {refusal}
        </p>
      )}
      <div className={styles.text}>
        <VersionText view={view} versions={versions} fileName={item.path ?? ''} />
      </div>
    </div>
  )
}

function VersionText({
  view,
  versions,
  fileName,
}: {
  readonly view: VersionView
  readonly versions: Versions
  readonly fileName: string
}) {
  const { local, server, base, conflictCopy, serverTrouble } = versions
  if (view === 'Difference') {
    if (local === null || server === null) return <p>{serverTrouble ?? writebackTexts.thereAreNoTwo}</p>
    if (local === server) return <p>{writebackTexts.theServerHasExactlyThisContent}</p>
    return (
      <LazyCodeText
        key="difference"
        label={writebackTexts.fromTheServersToTheLocal}
        fileName={fileName}
        text={local}
        original={server}
      />
    )
  }
  const text = { 'Would be sent': local, 'Server has': server, 'Began with': base, 'Saved copy': conflictCopy }[view]
  if (text === null)
    return <p>{view === 'Server has' && serverTrouble !== null ? serverTrouble : writebackTexts.thereIsNothingHere}</p>
  return <LazyCodeText key={view} label={view} fileName={fileName} text={text} />
}

function serverWords({ server, serverRevision, serverTrouble, local }: Versions): string {
  if (serverTrouble !== null) return writebackTexts.theServerCouldNotBeAsked
  if (serverRevision === null) return writebackTexts.theServerHasNoSuchFileWord
  return writebackTexts.theServerHas(
    serverRevision,
    server !== null && server === local ? writebackTexts.theSameAsTheLocal : '',
  )
}
