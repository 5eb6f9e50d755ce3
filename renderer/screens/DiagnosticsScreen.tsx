import { LoadFailure, LoadingRows } from '../components/ListStates'
import { saveFile } from '../state/saveFile'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { diagnosticsTexts } from '../texts/en/diagnostics'
import { toSize } from '../texts/words'
import styles from './DiagnosticsScreen.module.css'

/** What those need who look into a problem: shown as it would be saved, and saved when a person says so. */
export function DiagnosticsScreen() {
  const { value, failure, loading, refresh } = useMirror(
    'diagnostics',
    (client) => client.request('diagnostics:get', {}),
    [],
  )
  if (failure) return <LoadFailure failure={failure} onRetry={() => void refresh()} />
  if (!value) return <LoadingRows />
  return (
    <section className={styles.screen} aria-label={diagnosticsTexts.diagnostics}>
      <div className={controls.bar}>
        <h1>{diagnosticsTexts.diagnostics}</h1>
        <span className={controls.secondary}>{diagnosticsTexts.size(toSize(value.text.length))}</span>
        <span className={controls.spread} />
        <button type="button" className={controls.button} disabled={loading} onClick={() => void refresh()}>
          {diagnosticsTexts.gatherAnew}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          onClick={() => saveFile({ ...value, cut: false })}
        >
          {diagnosticsTexts.save}
        </button>
      </div>
      <p className={`${controls.secondary} ${styles.explanation}`}>{diagnosticsTexts.explanation}</p>
      <section
        className={`${controls.code} ${styles.text}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard
        tabIndex={0}
        aria-label={diagnosticsTexts.text}
      >
        <pre className="mono">{value.text}</pre>
      </section>
    </section>
  )
}
