import { type ExecutedRun, type LastEnd, lossOf } from '../../shared/lastEnd'
import { toHash } from '../state/route'
import controls from '../styles/controls.module.css'
import { lastEndTexts } from '../texts/en/lastEnd'
import { counted } from '../texts/words'
import { Dialog } from './Dialog'
import styles from './LastEndDialog.module.css'

/** Says that a process did not close by itself, what that has cost and what it has not. */
export function LastEndDialog({ lastEnd, onClose }: { readonly lastEnd: LastEnd; readonly onClose: () => void }) {
  const { version, face, cause, unsavedRows } = lastEnd
  const startedAt = new Date(lastEnd.startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  const { cutOff, goingOn, isNothing } = lossOf(lastEnd)
  return (
    <Dialog title={lastEndTexts.title} onClose={onClose}>
      <p>{lastEndTexts[cause.kind](lastEndTexts[face](version, startedAt))}</p>
      {cause.kind === 'error' && <pre className={styles.error}>{cause.error}</pre>}
      <h3 className={styles.heading}>{lastEndTexts.whatWasLost}</h3>
      <ul className={styles.list}>
        {isNothing && <li>{lastEndTexts.nothing}</li>}
        {cutOff.length > 0 && (
          <li>
            {lastEndTexts.cutOff(counted(cutOff.length, lastEndTexts.runWas, lastEndTexts.runsWere))}
            <RunLinks runs={cutOff} onGo={onClose} />
          </li>
        )}
        {unsavedRows > 0 && (
          <li>{lastEndTexts.unsaved(counted(unsavedRows, lastEndTexts.rowWas, lastEndTexts.rowsWere))}</li>
        )}
      </ul>
      <h3 className={styles.heading}>{lastEndTexts.whatWasNot}</h3>
      <ul className={styles.list}>
        <li>{lastEndTexts.finished}</li>
        <li>{lastEndTexts.operations}</li>
        {goingOn.length > 0 && (
          <li>
            {lastEndTexts.goesOn}
            <RunLinks runs={goingOn} onGo={onClose} />
          </li>
        )}
      </ul>
      <div className={controls.actions}>
        <button type="button" className={`${controls.button} ${controls.primary}`} onClick={onClose}>
          {lastEndTexts.close}
        </button>
      </div>
    </Dialog>
  )
}

function RunLinks({ runs, onGo }: { readonly runs: readonly ExecutedRun[]; readonly onGo: () => void }) {
  return (
    <ul className={styles.list}>
      {runs.map(({ workspaceId, runId, workflowName }) => (
        <li key={`${workspaceId} ${runId}`}>
          <a href={toHash({ screen: 'runs', workspaceId, filter: 'all', search: '', runId })} onClick={onGo}>
            {workflowName} <span className="mono">{runId.slice(0, 8)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
