import type { TimeScale } from '../../state/timeScale'
import { timelineTexts } from '../../texts/en/timeline'
import { duration } from '../../texts/times'
import styles from './Timeline.module.css'

const marks = [0, 0.25, 0.5, 0.75, 1] as const

/** How long after the start of a run what stands below happened. */
export function TimeMarks({ scale, fromMs }: { readonly scale: TimeScale; readonly fromMs: number }) {
  return (
    <div className={styles.scale} aria-hidden="true">
      <span>{timelineTexts.step}</span>
      <span className={styles.marks}>
        {marks.map((mark) => (
          <span key={mark} style={{ left: `${mark * 100}%` }}>
            {duration(scale.timeAt(mark) - fromMs)}
          </span>
        ))}
      </span>
      <span className={styles.waited}>{timelineTexts.waited}</span>
      <span className={styles.note}>{timelineTexts.ran}</span>
    </div>
  )
}
