import { useState } from 'react'
import type { Versions } from '../../../shared/operations'
import type { WritebackDetail, WritebackItem } from '../../../shared/writebacks'
import { useClient } from '../../state/client'
import type { DeskActs } from '../../state/useDeskActs'
import controls from '../../styles/controls.module.css'
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
            ? `What would be sent is the local file as it is now (${toSize(file.sizeBytes ?? 0)}), not the content that failed.`
            : 'There is no local file, so there is nothing to send.'}
        </p>
        <p className={controls.secondary}>
          Contents may hold secrets. They are read, and the server is asked, only when you want to see them.
        </p>
        {refusal !== null && (
          <p role="alert" className={controls.refusal}>
            {refusal}
          </p>
        )}
        <button type="button" className={controls.button} disabled={busy} onClick={fetchThem}>
          {busy ? 'Asking…' : 'Show contents and ask the server'}
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
          Ask again
        </button>
        {versions.server !== null && versions.local !== null && versions.server !== versions.local && (
          <ActButton refusal={null} onAct={() => acts.ask({ kind: 'choose', item })}>
            Choose a version…
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
    if (local === null || server === null)
      return (
        <p>{serverTrouble ?? 'There are no two texts to compare: one is missing, no text, or larger than 1 MiB.'}</p>
      )
    if (local === server)
      return <p>The server has exactly this content already. A retry sends nothing: it confirms the delivery.</p>
    return (
      <LazyCodeText
        key="difference"
        label="From the server's to the local version"
        fileName={fileName}
        text={local}
        original={server}
      />
    )
  }
  const text = { 'Would be sent': local, 'Server has': server, 'Began with': base, 'Saved copy': conflictCopy }[view]
  if (text === null)
    return (
      <p>
        {view === 'Server has' && serverTrouble !== null
          ? serverTrouble
          : 'There is nothing here, or it is no text, or larger than 1 MiB.'}
      </p>
    )
  return <LazyCodeText key={view} label={view} fileName={fileName} text={text} />
}

function serverWords({ server, serverRevision, serverTrouble, local }: Versions): string {
  if (serverTrouble !== null) return 'The server could not be asked'
  if (serverRevision === null) return 'The server has no such file'
  return `The server has ${serverRevision}${server !== null && server === local ? ', the same as the local file' : ''}`
}
