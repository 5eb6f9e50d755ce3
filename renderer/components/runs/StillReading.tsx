import { useClient } from '../../state/client'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
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
          ? runsTexts.readingWasStoppedAtOnlyTheNewest(percent)
          : runsTexts.stillReadingOfTheFiles(percent)}
      </span>{' '}
      <button type="button" className={controls.button} onClick={() => set(loading.stopped)}>
        {loading.stopped ? runsTexts.readTheRest : runsTexts.stop}
      </button>
    </div>
  )
}
