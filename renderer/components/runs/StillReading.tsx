import { useClient } from '../../state/client'
import controls from '../../styles/controls.module.css'
import styles from './StillReading.module.css'

/** How far the first reading of large stores came; it can be ended, and gone on with. */
export function StillReading({
  workspaceId,
  loading,
}: {
  readonly workspaceId: string | null
  readonly loading: { readonly doneBytes: number; readonly totalBytes: number; readonly stopped: boolean }
}) {
  const client = useClient()
  const percent = Math.floor((100 * loading.doneBytes) / Math.max(1, loading.totalBytes))
  const set = (going: boolean): void => {
    client.request('runs:loading', { workspaceId, going }).catch(() => undefined) // It ended by itself.
  }
  return (
    <div className={styles.partial}>
      <span role="status">
        {loading.stopped
          ? `Reading was stopped at ${percent} %. Only the newest runs are shown, and they are not followed.`
          : `Still reading: ${percent} % of the files. More runs will appear.`}
      </span>{' '}
      <button type="button" className={controls.button} onClick={() => set(loading.stopped)}>
        {loading.stopped ? 'Read the rest' : 'Stop'}
      </button>
    </div>
  )
}
