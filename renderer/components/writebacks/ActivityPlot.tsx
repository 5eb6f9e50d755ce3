import type { WritebackGroup } from '../../../shared/writebacks'
import { writebacksTexts } from '../../texts/en/writebacks'
import { duration, fullTime } from '../../texts/times'
import { counted } from '../../texts/words'
import styles from './ActivityPlot.module.css'

const height = 18
const [barWidth, gap] = [3, 1]

/** When a cause happened, as small bars from its first to its last time. */
export function ActivityPlot({
  activity,
  activityFrom,
  activityBucketMs,
}: Pick<WritebackGroup, 'activity' | 'activityFrom' | 'activityBucketMs'>) {
  const most = Math.max(...activity, 1)
  const total = activity.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const words = writebacksTexts.sinceABarIs(
    counted(total, writebacksTexts.failedAttempt),
    fullTime(activityFrom),
    duration(activityBucketMs),
  )
  return (
    <svg
      className={styles.plot}
      width={activity.length * (barWidth + gap)}
      height={height}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      {activity.map((count, index) => {
        const barHeight = count === 0 ? 1 : Math.max(3, Math.round((height * count) / most))
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={index}
            className={count === 0 ? styles.none : styles.bar}
            x={index * (barWidth + gap)}
            y={height - barHeight}
            width={barWidth}
            height={barHeight}
          />
        )
      })}
    </svg>
  )
}
