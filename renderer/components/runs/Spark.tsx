import { type SparkRun, sparkLength } from '../../../shared/runGroups'
import { sparkStatus, sparkWords } from '../../texts/sparkWords'
import { duration } from '../../texts/times'
import type { StatusWord } from '../../texts/words'
import styles from './Spark.module.css'

const [step, barWidth, upPx, downPx] = [5, 4, 16, 8]

/**
 * The newest runs of a workflow, oldest left: a bar each, as high as it took long. Failed ones hang below the line, so that
 * they are told without colour; those that have not ended well or badly are hollow.
 */
export function Spark({ runs }: { readonly runs: readonly SparkRun[] }) {
  // What still goes may go on for ever: the ended ones tell the scale.
  const ended = runs.filter((run) => isEnded(sparkStatus(run)))
  const most = Math.max(1, ...(ended.length > 0 ? ended : runs).map(({ durationMs }) => durationMs ?? 0))
  const width = sparkLength * step
  const left = width - runs.length * step
  return (
    <svg
      className={styles.spark}
      width={width}
      height={upPx + downPx + 2}
      viewBox={`0 0 ${width} ${upPx + downPx + 2}`}
      role="img"
      aria-label={sparkWords(runs)}
    >
      <path d={`M0 ${upPx + 1}H${width}`} className={styles.line} />
      {runs.map((run, index) => {
        const status = sparkStatus(run)
        const hangs = status.tone === 'failed' || status.tone === 'orphaned'
        const room = hangs ? downPx : upPx
        const height = Math.max(2, Math.round(room * Math.sqrt(Math.min(1, (run.durationMs ?? 0) / most))))
        return (
          <rect
            key={`${run.workspaceId} ${run.runId}`}
            x={left + index * step + 0.5}
            y={hangs ? upPx + 1.5 : upPx + 0.5 - height}
            width={barWidth - 1}
            height={height}
            className={`${styles[status.tone]} ${isEnded(status) ? '' : styles.hollow}`}
          >
            <title>{`${status.word}${run.durationMs === null ? '' : `, ${duration(run.durationMs)}`}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}

function isEnded({ tone }: StatusWord): boolean {
  return tone === 'failed' || tone === 'completed'
}
