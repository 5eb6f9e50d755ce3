import { type FormEvent, useState } from 'react'
import type { Source, SourceSecrets } from '../../../shared/sources'
import { useClient } from '../../state/client'
import { type ConnectionDraft, connectionOf, draftOf } from '../../state/connectionDraft'
import { navigate } from '../../state/route'
import { sourceRoute } from '../../state/sourceRoute'
import { useSources } from '../../state/useSources'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { Dialog } from '../Dialog'
import { Refusal } from '../Refusal'
import { ConnectionFields } from './ConnectionFields'
import styles from './SourceDialog.module.css'

/** Adds a remote source, or changes the connections of one. Nothing is connected before it is checked or looked at. */
export function SourceDialog({
  source = null,
  onClose,
}: {
  /** The one that is changed; null adds one. */
  readonly source?: Source | null
  readonly onClose: () => void
}) {
  const client = useClient()
  const { keychain } = useSources()
  const saved = source?.connections ?? null
  const [name, setName] = useState(source?.name ?? '')
  const [schema, setSchema] = useState('dbos')
  const [reading, setReading] = useState(() => draftOf(saved?.reading ?? null, 'DBOS_SYSTEM_DATABASE_URL'))
  const [writing, setWriting] = useState(() => (saved?.writing ? draftOf(saved.writing, '') : null))
  const [answer, setAnswer] = useState<Source | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const change = (next: () => void): void => {
    setAnswer(null)
    setRefusal(null)
    next()
  }
  const told = connectionsOf(reading, writing)
  const run = (act: () => Promise<void>): void => {
    if (busy) return
    setBusy(true)
    setRefusal(null)
    act()
      .catch((error: Error) => setRefusal(error.message))
      .finally(() => setBusy(false))
  }
  const check = (): void =>
    run(async () => {
      if (!told) return
      const { secrets, ...connections } = told
      const draft = { name: name || sourcesTexts.name, kind: 'dbos' as const, schema, ...connections }
      setAnswer((await client.request('sources:try', { draft, secrets })).source)
    })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    run(async () => {
      if (!told) return
      const { secrets, ...connections } = told
      if (source) {
        await client.request('sources:change', { sourceId: source.id, name, ...connections, secrets })
        await client.request('sources:check', { sourceId: source.id })
      } else {
        const added = await client.request('sources:add', {
          draft: { name, kind: 'dbos', schema, ...connections },
          secrets,
        })
        navigate(sourceRoute(added.source.id))
      }
      onClose()
    })
  }
  const keeps = (which: 'reading' | 'writing'): boolean => {
    const known = saved?.[which]
    return known?.from === 'server' && known.password === 'keychain'
  }

  return (
    <Dialog title={source ? sourcesTexts.changeTitle(source.name) : sourcesTexts.addTitle} wide onClose={onClose}>
      <form onSubmit={submit}>
        <div className={styles.fields}>
          <label className={styles.field}>
            {sourcesTexts.name}
            <input
              className={controls.field}
              value={name}
              required
              maxLength={100}
              onChange={(event) => change(() => setName(event.target.value))}
            />
          </label>
          {!source && (
            <label className={styles.field}>
              {sourcesTexts.schema}
              <input
                className={`${controls.field} mono`}
                value={schema}
                required
                onChange={(event) => change(() => setSchema(event.target.value))}
              />
            </label>
          )}
        </div>
        <fieldset className={styles.part}>
          <legend>{sourcesTexts.reading}</legend>
          <p className={controls.secondary}>{sourcesTexts.readingText}</p>
          <ConnectionFields
            draft={reading}
            keychain={keychain}
            hasSecret={keeps('reading')}
            onChange={(next) => change(() => setReading(next))}
          />
        </fieldset>
        <fieldset className={styles.part}>
          <legend>{sourcesTexts.writing}</legend>
          <p className={controls.secondary}>{sourcesTexts.writingText}</p>
          {writing === null ? (
            <button
              type="button"
              className={controls.button}
              onClick={() => change(() => setWriting({ ...reading, variable: '', user: '', secret: '' }))}
            >
              {sourcesTexts.addWriting}
            </button>
          ) : (
            <>
              <ConnectionFields
                draft={writing}
                keychain={keychain}
                hasSecret={keeps('writing')}
                onChange={(next) => change(() => setWriting(next))}
              />
              <button type="button" className={controls.plain} onClick={() => change(() => setWriting(null))}>
                {sourcesTexts.dropWriting}
              </button>
            </>
          )}
        </fieldset>
        <div aria-live="polite">{answer && <Answer source={answer} />}</div>
        <Refusal text={refusal} />
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {sourcesTexts.close}
          </button>
          {!source && (
            <button type="button" className={controls.button} disabled={busy || !told} onClick={check}>
              {sourcesTexts.check}
            </button>
          )}
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={busy || !told}>
            {source ? sourcesTexts.save : sourcesTexts.add}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** What came of a check of what is not saved yet. */
function Answer({ source: { state, engine, access } }: { readonly source: Source }) {
  if (state.kind === 'trouble') return <p className={`${styles.answer} ${controls.refusal}`}>{state.message}</p>
  return (
    <p className={styles.answer}>
      {sourcesTexts.itAnswers(engine?.version ?? '')}{' '}
      {access === 'write' ? sourcesTexts.mayBeActedOn : sourcesTexts.mayOnlyRead}
    </p>
  )
}

/** What the two forms tell, or undefined while something is missing in one of them. */
function connectionsOf(reading: ConnectionDraft, writing: ConnectionDraft | null) {
  const [read, write] = [connectionOf(reading), writing === null ? null : connectionOf(writing)]
  if (read === undefined || write === undefined) return undefined
  const secrets: SourceSecrets = {
    ...(reading.secret === '' ? {} : { reading: reading.secret }),
    ...(!writing || writing.secret === '' ? {} : { writing: writing.secret }),
  }
  return { reading: read, writing: write, secrets }
}
